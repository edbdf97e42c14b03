"""A second source that makes what the first one, having failed, left unmade."""

from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..breaker import Breaker
from ..errors import SourceAuthError, SourceBudgetError, SourceError
from ..quips.archive import Dropped
from ..words import Words
from . import Event, Events, Keep, Made, Order, Progress, Source, StoodIn, Ticket
from .patience import patient


class StandInSource:
    """Asks the first source, and the second one where that fails.

    The first has a breaker of its own: it fails as often as it would alone, and is then left in
    peace until the next day or until a person asks, while the second goes on. What is wrong with
    an order, such as its clip, is not the source's failure.
    """

    def __init__(self, first: Source, second: Source, now: Callable[[], datetime]) -> None:
        self._first = first
        self._second = second
        self._breaker = Breaker(now)
        self._failure: SourceError | None = None

    async def make(self, order: Order, ticket: Ticket | None, keep: Keep) -> Events:
        """Make what is ordered. Raises SourceError where both failed, and ClipError."""
        if order.by_person:
            self._works()
        lack = _Lack(order)
        # What was begun before a crash must be ended, whatever became of the source since.
        if ticket is not None or self._breaker.may_try:
            async with aclosing(self._ask_first(lack, ticket, keep)) as events:
                async for event in events:
                    yield event
        if (failure := self._failure) is None or not lack.count:
            return
        yield StoodIn(failure, rests=self._breaker.is_open)
        async with aclosing(self._ask_second(lack, failure, keep)) as events:
            async for event in events:
                yield event

    async def _ask_first(self, lack: _Lack, ticket: Ticket | None, keep: Keep) -> Events:
        try:
            async with aclosing(patient(self._first.make(lack.order, ticket, keep))) as events:
                async for event in events:
                    lack.see(event)
                    if not lack.count:
                        self._works()
                    yield event
            lack.check(resumed=ticket is not None)
        except SourceError as error:
            self._fails(error)
        else:
            self._works()

    async def _ask_second(self, lack: _Lack, failure: SourceError, keep: Keep) -> Events:
        try:
            async with aclosing(self._second.make(lack.rest, None, keep)) as events:
                async for event in events:
                    yield event
        except SourceError as error:
            raise SourceError(
                "{failure} What stands in failed, too: {error}",
                failure=failure.words,
                error=error.words,
            ) from error

    def _works(self) -> None:
        self._breaker.close()
        self._failure = None

    def _fails(self, error: SourceError) -> None:
        self._failure = error
        if isinstance(error, SourceAuthError | SourceBudgetError):
            self._breaker.rest()
        else:
            self._breaker.fail()


@dataclass(slots=True)
class _Lack:
    """What an order lacks, while it is being made."""

    order: Order
    texts: list[str] = field(default_factory=list)
    reason: str | Words = ""

    @property
    def count(self) -> int:
        """How many quips are still to come."""
        return self.order.count - len(self.texts)

    @property
    def rest(self) -> Order:
        """What another source has to make."""
        return replace(self.order, count=self.count, avoid=[*self.order.avoid, *self.texts])

    def see(self, event: Event) -> None:
        """Note what came."""
        match event:
            case Made():
                self.texts.append(event.quip.text)
            case Dropped():
                self.reason = event.reason
            case Progress():
                self.reason = event.trouble or self.reason

    def check(self, *, resumed: bool) -> None:
        """Raise SourceError where a source that raised nothing made nothing either."""
        if not self.texts and not resumed:
            reason = self.reason or Words("The source made nothing.")
            raise SourceError("{reason}", reason=reason)
