"""A source that does as the test tells it, and a refill that may crash and come back."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CALLBACK_TYPE, HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.gppde.const import RefillState
from custom_components.gppde.personas.persona import Persona
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.refills.journal import Unfinished
from custom_components.gppde.refills.outcome import RefillResult
from custom_components.gppde.refills.refill import Refill
from custom_components.gppde.sources import Made, Order, Progress, Ticket

from .helpers import PERSONA, make_mp3, make_quip

DONE = "done"
OTHER = "persona-2"
MP3 = make_mp3()

type Event = Made | Dropped | Progress | Ticket | Exception | str


def made(text: str = "Mind the gap.", **fields: Any) -> Made:
    return Made(make_quip(text, **fields), MP3)


class ScriptedSource:
    """Makes what it is given: quips, progress, tickets to keep, errors, and at last DONE."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.tickets: list[Ticket | None] = []
        self.closed = 0
        self._events: asyncio.Queue[Event] = asyncio.Queue()

    def give(self, *events: Event) -> None:
        for event in events:
            self._events.put_nowait(event)

    def forget(self) -> None:
        """Take back what was not asked for."""
        self._events = asyncio.Queue()

    async def make(
        self, order: Order, ticket: Ticket | None, keep: Callable[[Ticket], Awaitable[None]]
    ) -> AsyncGenerator[Made | Dropped | Progress]:
        self.orders.append(order)
        self.tickets.append(ticket)
        try:
            while (event := await self._events.get()) != DONE:
                match event:
                    case Exception():
                        raise event
                    case dict():
                        await keep(event)
                    case Made() | Dropped() | Progress():
                        yield event
        finally:
            self.closed += 1


class House:
    """A refill with its personas, their real stocks and its real journal."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self.hass = hass
        self.entry = entry
        self.source = ScriptedSource()
        self.personas: dict[str, Persona] = {}
        self._stop: CALLBACK_TYPE | None = None

    @property
    def persona(self) -> Persona:
        return next(iter(self.personas.values()))

    def unfinished(self, count: int, ticket: Ticket) -> Unfinished:
        return Unfinished(self.persona.id, count, ticket)

    async def start(self) -> None:
        """Start, as Home Assistant does with what is on disk."""
        self.source = ScriptedSource()
        self.personas = {
            subentry.subentry_id: Persona.from_subentry(self.hass, subentry)
            for subentry in self.entry.get_subentries_of_type("persona")
        }
        for persona in self.personas.values():
            await persona.stock.load()
        self.refill = Refill(self.hass, self.entry, self.source, self.personas)
        self._stop = self.refill.start()

    async def stop(self) -> None:
        if self._stop is not None:
            self._stop()
            self._stop = None
            await asyncio.sleep(0)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what happens in the background, five seconds at most."""
        for _ in range(1000):
            if condition():
                return
            await self._moment()
        pytest.fail(f"Nothing came of it: {self.refill.state}, {self.refill.last_error}.")

    async def _moment(self) -> None:
        # In a thread, for the loop's own clock stands still where time is frozen.
        await self.hass.async_add_executor_job(time.sleep, 0.005)

    async def until_asked(self, times: int = 1) -> Order:
        await self.until(lambda: len(self.source.orders) >= times)
        assert len(self.source.orders) == times
        return self.source.orders[-1]

    async def until_state(self, state: RefillState) -> None:
        await self.until(lambda: self.refill.state is state)

    async def until_fresh(self, count: int, persona: Persona | None = None) -> None:
        stock = (persona or self.persona).stock
        await self.until(lambda: stock.fresh_count >= count)
        assert stock.fresh_count == count

    async def stays_quiet(self) -> None:
        """Let everything happen that would; nothing must have been asked of the source."""
        asked = len(self.source.orders)
        for _ in range(5):
            await self.hass.async_block_till_done()
            await self._moment()
        assert len(self.source.orders) == asked


async def pass_time(hass: HomeAssistant, freezer: FrozenDateTimeFactory, **time: float) -> None:
    freezer.tick(timedelta(**time))
    async_fire_time_changed(hass)
    await asyncio.sleep(0)


def ask(
    hass: HomeAssistant, house: House, count: int | None = None, id_: str = PERSONA
) -> asyncio.Task[RefillResult]:
    """Let a person ask for a refill."""
    return hass.async_create_background_task(
        house.refill.request(house.personas[id_], count), "a person asks"
    )
