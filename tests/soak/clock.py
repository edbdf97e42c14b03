"""A clock that a household shares, and that leaps over the hours in which nothing happens.

In between it runs as fast as time: what takes a second takes one.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import time_machine

LOOK = 0.02
"""Seconds until a process sees that the clock has leapt."""


@dataclass(frozen=True, slots=True)
class HouseClock:
    """Processes share it through a file that holds the seconds by which it is ahead."""

    file: Path

    def now(self) -> datetime:
        """Return the household's time, asked from outside of it."""
        return datetime.fromtimestamp(time.time() + self._ahead(), UTC)

    def leap(self, to: datetime) -> None:
        """Set the clock."""
        part = self.file.with_suffix(".part")
        part.write_text(str(to.timestamp() - time.time()))
        part.rename(self.file)

    def rule(self) -> None:
        """Let this process live by it from now on, wall clock and monotonic clock alike."""
        sleep, ahead, monotonic = time.sleep, self._ahead(), time.monotonic
        traveller = time_machine.travel(time.time() + ahead, tick=True).start()
        time.time()  # it stands still until somebody looks
        leapt = 0.0

        def follow() -> None:
            nonlocal leapt
            while True:
                sleep(LOOK)
                if by := self._ahead() - ahead - leapt:
                    traveller.shift(by)
                    leapt += by

        time.monotonic = _later(monotonic, lambda: leapt)
        Thread(target=follow, name="the household's clock", daemon=True).start()

    def _ahead(self) -> float:
        return float(self.file.read_text())


def _later(clock: Callable[[], float], by: Callable[[], float]) -> Callable[[], float]:
    return lambda: clock() + by()
