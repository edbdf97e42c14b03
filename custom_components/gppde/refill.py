"""Fills the stocks back up, one at a time and never in the door's path."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect, async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util.signal_type import SignalType

from .causes import told
from .clip_issues import clear_clip_issues, raise_clip_issue
from .const import DOMAIN
from .delivery import Delivery
from .errors import (
    ClipError,
    GppdeError,
    SourceAuthError,
    SourceBudgetError,
    SourceError,
    StockError,
)
from .issues import clear_issue, raise_issue
from .journal import Failure, Journal, Unfinished
from .persona import Persona
from .refill_words import failure_of, in_words, interrupted, stopped, without_source
from .rescan import Rescan
from .sources import Order, Source
from .sources.none import NoSource
from .stand_in_issues import tell_of_stand_in
from .stock_issues import clear_stock_issues, raise_stock_issue
from .wishes import RefillFailure, RefillOutcome, RefillResult, Wish, Wishes

__all__ = ["Refill", "RefillFailure", "RefillOutcome", "RefillResult", "RefillState"]

INTERVAL = timedelta(minutes=1)
AVOIDED_AT_MOST = 2000

_LOGGER = logging.getLogger(__name__)


class RefillState(StrEnum):
    """What the refill is doing."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    STOPPED = "stopped"


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
        self._source = source
        self.has_source = not isinstance(source, NoSource)
        self._personas = personas
        self._journal = Journal(hass)
        self._wishes = Wishes()
        self._current: Wish | None = None
        self._delivery: Delivery | None = None
        self._worker: asyncio.Task[None] | None = None
        self._soon: asyncio.Handle | None = None
        self._is_ready = False
        self._is_stopped = False
        self._is_refused = False

    @property
    def signal(self) -> str:
        """Dispatched, without arguments, whenever anything here changed."""
        return f"{DOMAIN}_refill_{self._entry.entry_id}"

    @property
    def state(self) -> RefillState:
        """What the refill is doing."""
        if self._current is not None:
            has_begun = self._delivery is not None and self._delivery.has_begun
            return RefillState.RUNNING if has_begun else RefillState.STARTING
        if self._is_refused or self._journal.breaker.is_open:
            return RefillState.STOPPED
        return RefillState.IDLE if self._journal.breaker.may_try else RefillState.WAITING

    @property
    def persona(self) -> Persona | None:
        """Whose stock is being filled."""
        return self._current.persona if self._current else None

    @property
    def progress(self) -> int | None:
        """Percent made, while a refill runs."""
        return self._delivery.percent if self._delivery else None

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
            Rescan(self._hass, self._entry, personas).start(),
            *(async_dispatcher_connect(self._hass, p.signal, self._check_soon) for p in personas),
            self._stop,
        ]

        @callback
        def stop() -> None:
            for stop_one in stops:
                stop_one()

        return stop

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
        self._is_refused = False
        self._journal.breaker.close()
        clear_issue(self._hass, "refill_failing")
        clear_issue(self._hass, "standing_in")
        self.check()
        return await asyncio.shield(wish.result)

    async def abandon(self) -> None:
        """Stop what runs and what waits, because a person says so; what came so far stays.

        Nothing is tried before the next day, or before a person asks.
        """
        self._journal.breaker.rest()
        self._journal.order = self._journal.failure = None
        for wish in (*self._wishes.take_all(), *filter(None, [self._current])):
            wish.fail(stopped(wish.persona))
        if (worker := self._worker) is not None:
            worker.cancel()
            await asyncio.wait([worker])
        await self._save()
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
        if self._worker is None and self._head() is not None:
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
        self._worker = self._entry.async_create_background_task(
            self._hass, self._resume(), "gppde refill journal", eager_start=False
        )

    async def _resume(self) -> None:
        await self._journal.load()
        order = self._journal.order
        if order is not None and order.persona not in self._personas:
            self._journal.order = None
        if self._journal.breaker.is_open:
            self._raise_failing()
        self._worker = None
        self._is_ready = True
        self.check()
        self._tell()

    @callback
    def _stop(self) -> None:
        self._is_stopped = True
        if self._soon is not None:
            self._soon.cancel()
        if self._worker is not None:
            self._worker.cancel()
        for wish in self._wishes.take_all():
            wish.fail(interrupted(wish.persona))

    @property
    def _may_work(self) -> bool:
        return self.has_source and self._is_ready and not self._is_stopped

    def _lacks(self, persona: Persona) -> bool:
        is_unfinished = self._journal.left_for(persona.id) is not None
        return is_unfinished or (persona.is_low and persona.missing > 0)

    def _head(self) -> Wish | None:
        order = self._journal.order
        return self._wishes.head(
            unfinished=order.persona if order else None,
            persons_only=self._is_refused or not self._journal.breaker.may_try,
        )

    async def _work(self) -> None:
        try:
            while (wish := self._head()) is not None:
                self._wishes.remove(wish)
                await self._serve(wish)
                self.check()
        finally:
            self._worker = None
            self._tell()

    async def _serve(self, wish: Wish) -> None:
        self._current = wish
        try:
            result = await self._fill(wish)
            wish.result.set_result(result)
            if result.requested:
                self._tell_outcome(result)
        except GppdeError as error:
            cause = await told(self._hass, error)
            await self._failed(wish.persona, error, cause)
            wish.fail(in_words(wish.persona, error, cause))
            self._tell_outcome(RefillFailure(wish.persona, cause))
        finally:
            self._current = self._delivery = None
            wish.fail(interrupted(wish.persona))

    async def _fill(self, wish: Wish) -> RefillResult:
        """Carry one order out, or on where it was left."""
        persona = wish.persona
        left = self._journal.left_for(persona.id)
        count = max(left.count, wish.count or 0) if left else wish.count or persona.missing
        if count == 0:
            return RefillResult(persona, 0, 0, 0)
        order = Unfinished(persona.id, count, left.ticket if left else None)
        await self._journal.begin(order)
        delivery = await self._deliver(wish, order)
        if not delivery.added and left is None and (shortfall := delivery.shortfall):
            raise SourceError("{shortfall}", shortfall=shortfall)
        await self._succeeded(persona, delivery)
        return RefillResult(persona, count, delivery.added, delivery.dropped)

    async def _deliver(self, wish: Wish, unfinished: Unfinished) -> Delivery:
        persona, count = wish.persona, unfinished.count

        @callback
        def changed() -> None:
            unfinished.count = count - delivery.added
            self._tell()

        avoid = persona.stock.texts()[-AVOIDED_AT_MOST:]
        order = Order(
            brief=persona.brief,
            count=count,
            avoid=avoid,
            clip=persona.clip,
            by_person=wish.by_person,
        )
        self._delivery = delivery = Delivery(persona, order, changed, self._save)
        self._tell()
        try:
            await delivery.collect(self._source.make(order, unfinished.ticket, self._journal.keep))
        finally:
            await tell_of_stand_in(self._entry, persona, delivery)
        return delivery

    async def _succeeded(self, persona: Persona, delivery: Delivery) -> None:
        failure = await failure_of(persona, delivery.trouble)
        self._journal.order, self._journal.failure = None, failure
        if delivery.added:
            self._journal.breaker.close()
            clear_issue(self._hass, "refill_failing")
            clear_issue(self._hass, "budget_spent")
            clear_stock_issues(persona)
            clear_clip_issues(self._hass, persona.id)
        await self._save()

    async def _failed(self, persona: Persona, error: GppdeError, cause: str) -> None:
        _LOGGER.warning("The refill for %s failed: %s", persona.brief.name, error)
        self._journal.failure = Failure(persona.brief.name, cause)
        if isinstance(error, SourceAuthError):
            self._is_refused = True
            self._entry.async_start_reauth(self._hass)
        else:
            self._journal.breaker.fail()
        if isinstance(error, StockError):
            raise_stock_issue(persona, error)
        if isinstance(error, ClipError):
            raise_clip_issue(persona, error, cause)
        if isinstance(error, SourceBudgetError):
            raise_issue(self._hass, "budget_spent", persona=persona.brief.name, error=cause)
        if self._journal.breaker.is_open:
            self._raise_failing()
        if self._journal.order is not None and self._journal.order.ticket is None:
            self._journal.order = None
        await self._save()

    async def _save(self) -> None:
        # Without this news the journal lets an order be carried on that is over: no harm.
        with suppress(StockError):
            await self._journal.save()

    def _raise_failing(self) -> None:
        if (failure := self._journal.failure) is not None:
            raise_issue(self._hass, "refill_failing", **asdict(failure))

    @callback
    def _tell(self) -> None:
        async_dispatcher_send(self._hass, self.signal)

    @callback
    def _tell_outcome(self, outcome: RefillOutcome) -> None:
        async_dispatcher_send(self._hass, self.outcome_signal, outcome)
