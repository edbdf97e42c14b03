"""Fills the stocks back up, one at a time and never in the door's path."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util.signal_type import SignalType

from ..const import DOMAIN, RefillState
from ..personas.persona import Persona
from ..sources import Source
from ..sources.none import NoSource
from ..stops import stop_all
from .fulfilment import Fulfilment
from .journal import Journal
from .outcome import RefillFailure, RefillOutcome, RefillResult
from .refill_errors import interrupted, stopped, without_source
from .refill_issues import raise_failing
from .wishes import Wish, Wishes

INTERVAL = timedelta(minutes=1)


class Refill:
    """The one refill of an entry: who waits, what runs, what failed."""

    outcome_signal: ClassVar[SignalType[RefillOutcome]] = SignalType(f"{DOMAIN}_refill_outcome")
    """Dispatched with what became of each refill that ended by itself, in any entry."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        source: Source,
        personas: Mapping[str, Persona],
    ) -> None:
        self._hass = hass
        self._entry = entry
        self.has_source = not isinstance(source, NoSource)
        self._personas = personas
        self._journal = Journal(hass)
        self._wishes = Wishes()
        self._current: Wish | None = None
        self._resuming: asyncio.Task[None] | None = None
        self._worker: asyncio.Task[None] | None = None
        self._soon: asyncio.Handle | None = None
        self._is_ready = False
        self._is_stopped = False
        self._fulfilment = Fulfilment(hass, entry, source, self._journal, self._tell)

    @property
    def signal(self) -> str:
        """Dispatched, without arguments, whenever anything here changed."""
        return f"{DOMAIN}_refill_{self._entry.entry_id}"

    @property
    def state(self) -> RefillState:
        """What the refill is doing."""
        if self._current is not None:
            delivery = self._fulfilment.delivery
            has_begun = delivery is not None and delivery.has_begun
            return RefillState.RUNNING if has_begun else RefillState.STARTING
        if self._fulfilment.is_refused or self._journal.breaker.is_open:
            return RefillState.STOPPED
        return RefillState.IDLE if self._journal.breaker.may_try else RefillState.WAITING

    @property
    def persona(self) -> Persona | None:
        """Whose stock is being filled."""
        return self._current.persona if self._current else None

    @property
    def progress(self) -> int | None:
        """Percent made, while a refill runs."""
        delivery = self._fulfilment.delivery
        return delivery.percent if delivery else None

    @property
    def last_error(self) -> str | None:
        """Why the last refill failed, or brought less than was asked for."""
        return self._journal.failure.error if self._journal.failure else None

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Begin with what a crash or a restart left unfinished; return what ends it all."""
        personas = self._personas.values()
        stops = [
            async_at_started(self._hass, self._resume_soon),
            async_track_time_interval(
                self._hass, self._tick, INTERVAL, name="gppde refill", cancel_on_shutdown=True
            ),
            *(async_dispatcher_connect(self._hass, p.signal, self._check_soon) for p in personas),
            self._stop,
        ]
        return stop_all(stops)

    async def request(self, persona: Persona, count: int | None = None) -> RefillResult:
        """Refill because a person asks, by `count` or what the stock lacks, when its turn comes.

        Whatever failed before is forgotten. Raises HomeAssistantError in the person's language.
        """
        if not self.has_source:
            raise without_source(persona)
        if self._is_stopped:
            raise interrupted(persona)
        wish = self._wishes.want(persona)
        wish.ask(count)
        self._fulfilment.forgive()
        self.check()
        return await asyncio.shield(wish.result)

    async def abandon(self) -> None:
        """Stop what runs and what waits, because a person says so; what came so far stays.

        Nothing is tried before the next day, or before a person asks.
        """
        await self._journal.load()
        self._journal.breaker.rest()
        self._journal.order = self._journal.failure = None
        for wish in (*self._wishes.take_all(), *filter(None, [self._current])):
            wish.fail(stopped(wish.persona))
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.wait([self._worker])
        await self._journal.try_save()
        self.check()
        self._tell()

    @callback
    def check(self) -> None:
        """Queue every persona that is low, or whose order is unfinished."""
        self._soon = None
        if not self._may_work or self._hass.is_stopping:
            return
        for persona in self._personas.values():
            if persona is not self.persona and self._lacks(persona):
                self._wishes.want(persona)
        if not self._is_working and self._head() is not None:
            self._worker = self._entry.async_create_background_task(
                self._hass, self._work(), "gppde refill", eager_start=False
            )

    @callback
    def _check_soon(self) -> None:
        # A stock changes in the door's turn of the loop, which shall not wait for us.
        if self._soon is None:
            self._soon = self._hass.loop.call_soon(self.check)

    @callback
    def _tick(self, _: datetime) -> None:
        self.check()
        self._tell()

    @callback
    def _resume_soon(self, _: HomeAssistant) -> None:
        self._resuming = self._entry.async_create_background_task(
            self._hass, self._resume(), "gppde refill journal", eager_start=False
        )

    async def _resume(self) -> None:
        await self._journal.load()
        order = self._journal.order
        if order is not None and order.persona not in self._personas:
            self._journal.order = None
        if self._journal.breaker.is_open:
            raise_failing(self._hass, self._journal.failure)
        self._is_ready = True
        self.check()
        self._tell()

    @callback
    def _stop(self) -> None:
        self._is_stopped = True
        if self._soon is not None:
            self._soon.cancel()
        for task in filter(None, (self._resuming, self._worker)):
            task.cancel()
        for wish in self._wishes.take_all():
            wish.fail(interrupted(wish.persona))

    @property
    def _may_work(self) -> bool:
        return self.has_source and self._is_ready and not self._is_stopped

    @property
    def _is_working(self) -> bool:
        return self._worker is not None and not self._worker.done()

    def _lacks(self, persona: Persona) -> bool:
        is_unfinished = self._journal.left_for(persona.id) is not None
        return is_unfinished or (persona.is_low and persona.missing > 0)

    def _head(self) -> Wish | None:
        order = self._journal.order
        return self._wishes.head(
            unfinished=order.persona if order else None,
            persons_only=self._fulfilment.is_refused or not self._journal.breaker.may_try,
        )

    async def _work(self) -> None:
        try:
            while (wish := self._head()) is not None:
                self._wishes.remove(wish)
                await self._serve(wish)
                self.check()
        finally:
            self._tell()

    async def _serve(self, wish: Wish) -> None:
        self._current = wish
        try:
            outcome = await self._fulfilment.fulfil(wish)
            if isinstance(outcome, RefillFailure) or outcome.requested:
                self._tell_outcome(outcome)
        finally:
            self._current = None
            wish.fail(interrupted(wish.persona))

    @callback
    def _tell(self) -> None:
        async_dispatcher_send(self._hass, self.signal)

    @callback
    def _tell_outcome(self, outcome: RefillOutcome) -> None:
        async_dispatcher_send(self._hass, self.outcome_signal, outcome)
