"""The actions `gppde.list_quips` and `gppde.recycle`: what personas have to say, and have said."""

from enum import StrEnum
from itertools import islice
from typing import Any, Final

import voluptuous as vol
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonValueType

from ..causes import told
from ..const import DOMAIN
from ..errors import StockError
from ..personas.persona import Persona
from ..personas.stock_issues import clear_stock_issues, raise_stock_issue
from ..quips.quip import Quip
from .targets import PERSONA_FIELDS, loaded_entry, personas_meant, personas_named

ACTION_LIST_QUIPS = "list_quips"
ACTION_RECYCLE = "recycle"
CONF_STATE = "state"
CONF_TEXT = "text"
CONF_LIMIT = "limit"
MOST_LISTED: Final = 1000


class Heap(StrEnum):
    """Which quips are meant."""

    FRESH = "fresh"
    STALE = "stale"
    ALL = "all"


_LIST_SCHEMA = vol.Schema(
    {
        **PERSONA_FIELDS,
        vol.Optional(CONF_STATE, default=Heap.ALL): vol.Coerce(Heap),
        vol.Optional(CONF_TEXT, default=""): cv.string,
        vol.Optional(CONF_LIMIT, default=MOST_LISTED): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=MOST_LISTED)
        ),
    }
)


@callback
def async_setup_quips(hass: HomeAssistant) -> None:
    """Register them."""
    hass.services.async_register(
        DOMAIN,
        ACTION_LIST_QUIPS,
        _list_quips,
        _LIST_SCHEMA,
        supports_response=SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        ACTION_RECYCLE,
        _recycle,
        vol.Schema(cv.ENTITY_SERVICE_FIELDS),
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _list_quips(call: ServiceCall) -> ServiceResponse:
    """Answer `{"quips": [...]}`: what will be said next first, then what was said, the last first.

    Each has `uuid`, `text`, `persona`, `tone`, `mood` (-1 to 1), `is_fresh`, `duration` (seconds),
    `created` and, once it was said, `said_at`.
    """
    quips: list[JsonValueType] = []
    for persona in personas_named(call, loaded_entry(call.hass).runtime_data):
        found = _found(persona, call, call.data[CONF_LIMIT] - len(quips))
        quips += await _described(persona, found)
    return {"quips": quips}


def _found(persona: Persona, call: ServiceCall, limit: int) -> list[Quip]:
    wanted = call.data[CONF_TEXT].casefold()
    heap = _heap(persona, call.data[CONF_STATE], None if wanted else limit)
    return list(islice((quip for quip in heap if wanted in quip.text.casefold()), limit))


def _heap(persona: Persona, heap: Heap, limit: int | None) -> list[Quip]:
    fresh = [] if heap is Heap.STALE else persona.stock.fresh(limit)
    return fresh + ([] if heap is Heap.FRESH else persona.stock.stale(limit))


async def _described(persona: Persona, quips: list[Quip]) -> list[dict[str, Any]]:
    stock = persona.stock
    said_at = await stock.heard_at(quip.uuid for quip in quips if not stock.is_fresh(quip.uuid))
    return [
        {
            "uuid": quip.uuid,
            "text": quip.text,
            "persona": persona.brief.name,
            "tone": quip.tone,
            "mood": quip.mood,
            "is_fresh": stock.is_fresh(quip.uuid),
            "duration": quip.duration,
            "created": quip.created.isoformat(),
        }
        | ({"said_at": said_at[quip.uuid].isoformat()} if quip.uuid in said_at else {})
        for quip in quips
    ]


async def _recycle(call: ServiceCall) -> ServiceResponse:
    """Answer `{"recycled": [{"persona", "count"}]}`."""
    personas = personas_meant(call, loaded_entry(call.hass).runtime_data)
    return {
        "recycled": [
            {"persona": persona.brief.name, "count": await _recycled(persona)}
            for persona in personas
        ]
    }


async def _recycled(persona: Persona) -> int:
    try:
        count = await persona.stock.recycle()
    except StockError as error:
        raise_stock_issue(persona, error)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="quips_not_recycled",
            translation_placeholders={
                "persona": persona.brief.name,
                "error": await told(persona.hass, error),
            },
        ) from error
    finally:
        persona.changed()
    clear_stock_issues(persona)
    return count
