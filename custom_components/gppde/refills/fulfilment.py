"""Carries one wish for quips out, and takes down what becomes of it."""

import logging
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..causes import told
from ..errors import GppdeError, SourceAuthError, SourceError
from ..issues import clear_issue
from ..personas.persona import Persona
from ..sources import Order, Source
from ..words import Words
from .delivery import Delivery
from .journal import Failure, Journal, Unfinished
from .outcome import RefillFailure, RefillOutcome, RefillResult
from .refill_errors import in_words
from .refill_issues import clear_refill_issues, raise_failing, raise_refill_issue
from .stand_in_issues import tell_of_stand_in
from .wishes import Wish

AVOIDED_AT_MOST = 2000

_LOGGER = logging.getLogger(__name__)


class Fulfilment:
    """Has the source make what a wish lacks, in the journal's sight.

    `delivery` is under way while there is one; `is_refused` is whether the source refuses our
    credentials, which only a person can mend.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        source: Source,
        journal: Journal,
        tell: Callable[[], None],
    ) -> None:
        self.delivery: Delivery | None = None
        self.is_refused = False
        self._hass = hass
        self._entry = entry
        self._source = source
        self._journal = journal
        self._tell = tell

    def forgive(self) -> None:
        """Forget what failed before, for a person asks."""
        self.is_refused = False
        self._journal.breaker.close()
        clear_issue(self._hass, "refill_failing")
        clear_issue(self._hass, "standing_in")

    async def fulfil(self, wish: Wish) -> RefillOutcome:
        """Carry a wish out, tell who waits for it, and return what became of it."""
        try:
            result = await self._fill(wish)
        except GppdeError as error:
            cause = await self._fail(wish.persona, error)
            wish.fail(in_words(wish.persona, error, cause))
            return RefillFailure(wish.persona, cause)
        else:
            wish.result.set_result(result)
            return result
        finally:
            self.delivery = None

    async def _fill(self, wish: Wish) -> RefillResult:
        """Carry one order out, or on where it was left. Raises GppdeError."""
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

        avoid = persona.stock.texts(AVOIDED_AT_MOST)[::-1]
        order = Order(
            brief=persona.brief,
            count=count,
            avoid=avoid,
            clip=persona.clip,
            by_person=wish.by_person,
        )
        self.delivery = delivery = Delivery(persona, order, changed, self._journal.try_save)
        self._tell()
        try:
            await delivery.collect(self._source.make(order, unfinished.ticket, self._journal.keep))
        finally:
            await tell_of_stand_in(self._entry, persona, delivery)
        return delivery

    async def _succeeded(self, persona: Persona, delivery: Delivery) -> None:
        failure = await _failure_of(persona, delivery.trouble)
        self._journal.order, self._journal.failure = None, failure
        if delivery.added:
            self._journal.breaker.close()
            clear_refill_issues(persona)
        await self._journal.try_save()

    async def _fail(self, persona: Persona, error: GppdeError) -> str:
        """Take down why a wish was not fulfilled, and return it in the home's language."""
        cause = await told(self._hass, error)
        _LOGGER.warning("The refill for %s failed: %s", persona.brief.name, error)
        self._journal.failure = Failure(persona.brief.name, cause)
        if isinstance(error, SourceAuthError):
            self.is_refused = True
            self._entry.async_start_reauth(self._hass)
        else:
            self._journal.breaker.fail()
        raise_refill_issue(persona, error, cause)
        if self._journal.breaker.is_open:
            raise_failing(self._hass, self._journal.failure)
        if self._journal.order is not None and self._journal.order.ticket is None:
            self._journal.order = None
        await self._journal.try_save()
        return cause


async def _failure_of(persona: Persona, trouble: Words | None) -> Failure | None:
    """Return what is kept of a trouble, as it was told; without one, of nothing."""
    return Failure(persona.brief.name, await told(persona.hass, trouble)) if trouble else None
