"""The action `gppde.say`: doors speak at once, and whoever asked is told if they do not."""

import asyncio
from collections.abc import Sequence

import voluptuous as vol
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..doors.door import Door, News, Spoken
from .targets import doors_meant, loaded_entry

ACTION_SAY = "say"
CONF_QUIP = "quip"

_SCHEMA = vol.Schema({**cv.ENTITY_SERVICE_FIELDS, vol.Optional(CONF_QUIP): cv.string})


@callback
def async_setup_say(hass: HomeAssistant) -> None:
    """Register it."""
    hass.services.async_register(
        DOMAIN, ACTION_SAY, _say, _SCHEMA, supports_response=SupportsResponse.OPTIONAL
    )


async def _say(call: ServiceCall) -> ServiceResponse:
    """Answer `{"said": [{"door", "persona", "player", "uuid", "text"}]}` once players took it.

    All doors are asked before any of them is waited for.
    """
    doors = doors_meant(call, loaded_entry(call.hass).runtime_data)
    uuid = call.data.get(CONF_QUIP)
    if uuid is not None:
        _refuse_unknown(uuid, doors)
    speeches = [(door, door.say(uuid)) for door in doors]
    _refuse_silence([door for door, speech in speeches if not speech], "nothing_to_say")
    said = [(door, await _outcome(door, speech)) for door, speech in speeches if speech]
    _refuse_silence([door for door, news in said if not isinstance(news, Spoken)], "nobody_spoke")
    return {
        "said": [
            {
                "door": door.name,
                "persona": door.persona.brief.name,
                "player": news.player,
                "uuid": news.quip.uuid,
                "text": news.quip.text,
            }
            for door, news in said
            if isinstance(news, Spoken)
        ]
    }


async def _outcome(door: Door, speech: asyncio.Task[News]) -> News:
    """Wait without taking part: a script that is stopped does not cut the door off."""
    await asyncio.wait([speech])
    if speech.cancelled():
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="say_interrupted",
            translation_placeholders={"door": door.name},
        )
    return speech.result()


def _refuse_unknown(uuid: str, doors: Sequence[Door]) -> None:
    for door in doors:
        if door.persona.stock.get(uuid) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_such_quip",
                translation_placeholders={"persona": door.persona.brief.name, "quip": uuid},
            )


def _refuse_silence(doors: Sequence[Door], key: str) -> None:
    if doors:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=key,
            translation_placeholders={"doors": ", ".join(door.name for door in doors)},
        )
