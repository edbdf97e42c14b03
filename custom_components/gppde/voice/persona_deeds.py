"""What can be asked about the quips of a persona."""

from contextlib import suppress

from homeassistant.exceptions import HomeAssistantError

from ..const import RefillState
from ..data import GppdeConfigEntry
from ..personas.persona import Persona
from ..refills.refill import Refill
from .answer import Answer
from .request import Request

_GIVEN_UP = {RefillState.STOPPED, RefillState.WAITING}


async def refill(request: Request) -> list[Answer]:
    """Order what the stocks that are meant lack, and wait for none of it."""
    refill = request.entry.runtime_data.refill
    key = "ordered"
    if refill.state in _GIVEN_UP and refill.last_error is not None:
        key = "ordered_again"
    personas = request.directory.personas(request.name)
    return [_refill(request.entry, persona, key) for persona in personas]


async def count_stock(request: Request) -> list[Answer]:
    """Count what the personas that are meant have not said yet."""
    personas = request.directory.personas(request.name)
    if len(personas) > 1:
        who = [f"{each.brief.name} {each.stock.fresh_count}" for each in personas]
        return [Answer(key="stock_each", who=who)]
    [persona] = personas
    count = persona.stock.fresh_count
    return [_answer({0: "stock_none", 1: "stock_one"}.get(count, "stock_many"), persona)]


def _refill(entry: GppdeConfigEntry, persona: Persona, key: str) -> Answer:
    refill = entry.runtime_data.refill
    if not refill.has_source:
        return _answer("no_source", persona)
    if refill.persona is persona:
        return _answer("running", persona)
    if not persona.missing:
        return _answer("full", persona)
    entry.async_create_background_task(
        persona.hass, _request(refill, persona), f"refill {persona.brief.name} by voice"
    )
    return _answer(key, persona)


async def _request(refill: Refill, persona: Persona) -> None:
    # What goes wrong is in the log and among the repairs; nobody listens here any more.
    with suppress(HomeAssistantError):
        await refill.request(persona)


def _answer(key: str, persona: Persona) -> Answer:
    return Answer(
        key=key,
        who=[persona.brief.name],
        tone=persona.brief.tone,
        count=persona.stock.fresh_count,
    )
