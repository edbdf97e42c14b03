"""What can be asked of a door."""

import asyncio
import logging

from homeassistant.components.switch import DOMAIN as SWITCH
from homeassistant.const import ATTR_ENTITY_ID, SERVICE_TURN_OFF, SERVICE_TURN_ON
from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from ..const import DOMAIN
from ..doors.door import Door, Silence, Spoken, Unspoken
from .answer import Answer
from .request import Request

_LOGGER = logging.getLogger(__name__)

PATIENCE = 2
"""Seconds for which a person waits to hear whether a player took the quip."""


async def let_say(request: Request) -> list[Answer]:
    """Let the doors that are meant say something, whatever the hour."""
    doors = request.directory.doors(request.name)
    keys = await asyncio.gather(*(_say(request, door) for door in doors))
    return [_answer(key, door) for key, door in zip(keys, doors, strict=True)]


async def quieten(request: Request) -> list[Answer]:
    """Keep the doors that are meant from talking when they move."""
    return [
        await _switch(request, door, "quiet", talkative=False)
        for door in request.directory.doors(request.name)
    ]


async def let_talk(request: Request) -> list[Answer]:
    """Let the doors that are meant talk again."""
    return [
        await _switch(request, door, "talk", talkative=True)
        for door in request.directory.doors(request.name)
    ]


async def _say(request: Request, door: Door) -> str:
    said: asyncio.Future[str] = request.hass.loop.create_future()

    @callback
    def told(news: Spoken | Unspoken) -> None:
        if not said.done():
            said.set_result(_key_of(news))

    forget = async_dispatcher_connect(request.hass, door.signal, told)
    try:
        door.say()
        return await asyncio.wait_for(said, PATIENCE)
    except TimeoutError:
        return "asked"
    finally:
        forget()


def _key_of(news: Spoken | Unspoken) -> str:
    if isinstance(news, Spoken):
        return "said"
    return "nothing_to_say" if news.reason is Silence.STOCK_EMPTY else "no_player"


async def _switch(request: Request, door: Door, key: str, *, talkative: bool) -> Answer:
    if door.talkative is talkative:
        return _answer(f"{key}_already", door)
    switches = er.async_get(request.hass)
    switch = switches.async_get_entity_id(SWITCH, DOMAIN, f"{door.id}_talkative")
    if switch is not None:
        await request.hass.services.async_call(
            SWITCH,
            SERVICE_TURN_ON if talkative else SERVICE_TURN_OFF,
            {ATTR_ENTITY_ID: switch},
            blocking=True,
            context=request.context,
        )
    if door.talkative is not talkative:
        _LOGGER.warning("The switch Talkative of %s is gone or disabled", door.name)
        key = "failed"
    return _answer(key, door)


def _answer(key: str, door: Door) -> Answer:
    return Answer(key=key, who=[door.name], tone=door.persona.brief.tone)
