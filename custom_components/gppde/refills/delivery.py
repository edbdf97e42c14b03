"""One order on its way from the source into the stock."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import aclosing

from ..errors import SourceError
from ..personas.persona import Persona
from ..quips.archive import Dropped
from ..sources import Event, Events, Made, Order, Progress, StoodIn
from ..words import Words

STANDSTILL = 3 * 60
DEADLINE = 2 * 3600

_LOGGER = logging.getLogger(__name__)


class Delivery:
    """Puts what a source makes into a persona's stock: never more than was ordered, never for ever.

    `added` quips are safe on disk, `dropped` ones were of no use, `percent` is how far it is;
    `stood_in` tells why another source than the entry's own made some of them, if one did;
    `changed` is called whenever one of these moved, `completed` once all is there, before the
    source is let go, which may take it minutes.
    """

    def __init__(
        self,
        persona: Persona,
        order: Order,
        changed: Callable[[], None],
        completed: Callable[[], Awaitable[None]],
    ) -> None:
        self.added = 0
        self.dropped = 0
        self.percent = 0
        self.stood_in: StoodIn | None = None
        self._persona = persona
        self._order = order
        self._changed = changed
        self._completed = completed
        self._created = 0
        self._stages: set[str] = set()
        self._reason: str | Words = ""

    @property
    def has_begun(self) -> bool:
        """Whether the source has made anything yet."""
        return self._created > 0 or self.added > 0

    @property
    def shortfall(self) -> Words | None:
        """What to tell a person if less came than was ordered."""
        if self.added >= self._order.count:
            return None
        came = Words("{added} of {count} quips came.", added=self.added, count=self._order.count)
        return Words("{came} {reason}", came=came, reason=self._reason) if self._reason else came

    @property
    def trouble(self) -> Words | None:
        """What to tell a person of a delivery that came to its end."""
        return self.shortfall or (self.stood_in.error.words if self.stood_in else None)

    async def collect(self, events: Events) -> None:
        """Take all there is to come, in seconds at most DEADLINE in all and STANDSTILL idle.

        Raises SourceError and StockError; what was added by then stays.
        """
        now = asyncio.get_running_loop().time
        end = now() + DEADLINE
        try:
            async with aclosing(events), asyncio.timeout(STANDSTILL) as limit:
                async for event in events:
                    if await self._take(event):
                        limit.reschedule(min(end, now() + _patience(event)))
                    if self.added >= self._order.count:
                        await self._completed()
                        return
        except TimeoutError as error:
            raise SourceError("It takes too long: nothing more came for minutes.") from error

    async def _take(self, event: Event) -> bool:
        """Return whether the order came forward; a source's word alone moves it only so far."""
        match event:
            case Made():
                return await self._add(event)
            case Dropped():
                self._drop(event)
                return False
            case StoodIn():
                self.stood_in = event
                return True
            case Progress():
                return self._show(event)

    async def _add(self, made: Made) -> bool:
        if not await self._persona.stock.add(made.quip, made.mp3):
            self.dropped += 1
            return False
        self.added += 1
        self._rise(self.added, self._order.count)
        self._persona.changed()
        self._changed()
        return True

    def _drop(self, dropped: Dropped) -> None:
        self.dropped += 1
        self._reason = Words("{name}: {reason}", name=dropped.name, reason=dropped.reason)
        _LOGGER.warning("Dropped a quip for %s: %s", self._persona.brief.name, self._reason)

    def _show(self, progress: Progress) -> bool:
        created = min(progress.created, self._order.count)
        is_news = created > self._created or progress.stage not in self._stages
        self._stages.add(progress.stage)
        self._created = max(self._created, created)
        self._reason = progress.trouble or self._reason
        self._rise(progress.created, progress.total)
        self._changed()
        return is_news

    def _rise(self, done: int, total: int) -> None:
        if total > 0:
            self.percent = max(self.percent, min(100, 100 * done // total))


def _patience(event: Event) -> float:
    return max(STANDSTILL, event.patience if isinstance(event, Progress) else 0)
