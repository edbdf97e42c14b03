"""When to try again after a failure: soon at first, then not before a person asks or a new day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

PAUSES = (timedelta(minutes=1), timedelta(minutes=5))
LONGEST_PAUSE = timedelta(hours=25)


@dataclass(slots=True)
class Breaker:
    """Counts failures in a row; `now` tells the local time, whose days are meant."""

    now: Callable[[], datetime]
    failures: int = 0
    retry_at: datetime | None = None

    @property
    def may_try(self) -> bool:
        """Whether a try is due. A clock that was set back does not put it off for ever."""
        return (
            self.retry_at is None or not timedelta() < self.retry_at - self.now() <= LONGEST_PAUSE
        )

    @property
    def is_open(self) -> bool:
        """Whether it failed so often that nothing is tried before the next day."""
        return self.failures > len(PAUSES) and not self.may_try

    def fail(self) -> None:
        """Count a failure; after a day of rest the count begins anew."""
        self.failures = 1 if self.failures > len(PAUSES) else self.failures + 1
        self.retry_at = (
            self._next_day()
            if self.failures > len(PAUSES)
            else self.now().astimezone(UTC) + PAUSES[self.failures - 1]
        )

    def rest(self) -> None:
        """Try nothing before the next day, though nothing failed."""
        self.failures = len(PAUSES) + 1
        self.retry_at = self._next_day()

    def close(self) -> None:
        """Forget the failures: something worked, or a person asks for another try."""
        self.failures = 0
        self.retry_at = None

    def _next_day(self) -> datetime:
        now = self.now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time.min, now.tzinfo)
        return midnight.astimezone(UTC)
