"""One quip on one player, from the call to the end of the sound."""

import asyncio
from contextlib import suppress
from typing import Any

from homeassistant.components.media_player import (
    ATTR_MEDIA_ANNOUNCE,
    ATTR_MEDIA_CONTENT_ID,
    ATTR_MEDIA_CONTENT_TYPE,
    ATTR_MEDIA_EXTRA,
    SERVICE_PLAY_MEDIA,
    MediaPlayerEntityFeature,
    MediaType,
)
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import (
    ATTR_ENTITY_ID,
    ATTR_SUPPORTED_FEATURES,
    STATE_BUFFERING,
    STATE_PLAYING,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.entity_component import async_update_entity

from ..quips.quip import Quip
from .player_call import PlayerAwayError, call_player
from .players import SATELLITE

PLAY_MEDIA = (MEDIA_PLAYER, SERVICE_PLAY_MEDIA)
ANNOUNCE = (SATELLITE, "announce")
MUSIC = MediaType.MUSIC.value

# The arithmetic of flags is slow where they are no plain numbers.
CAN_ANNOUNCE = MediaPlayerEntityFeature.MEDIA_ANNOUNCE.value

# In seconds. Some players answer a call only when the sound has ended, so its duration is added.
PLAYER_TIMEOUT = 10
SATELLITE_TIMEOUT = 30

LONGEST_DELAY = 10
"""How much later than by its duration a quip may end."""
LOOK_EVERY = 0.5


class Playback:
    """Starts a quip on a media player or an Assist satellite, and knows when it is over."""

    def __init__(self, hass: HomeAssistant, entity_id: str, quip: Quip) -> None:
        self._hass = hass
        self._entity_id = entity_id
        self._quip = quip
        self._content_before: str | None = None
        self._ends_at = 0.0

    async def start(self, url: str) -> None:
        """Call the player. Raises PlayerError."""
        state = self._hass.states.get(self._entity_id)
        # Home Assistant itself passes over a player that is not available without a word.
        if state is None or state.state in (STATE_UNAVAILABLE, STATE_UNKNOWN):
            raise PlayerAwayError("it is not available")
        self._content_before = _content(state)
        self._ends_at = self._hass.loop.time() + self._quip.duration
        if state.domain == SATELLITE:
            await self._announce(url)
        else:
            await self._play_media(url, state)

    async def wait_for_end(self) -> None:
        """Wait as long as the quip lasts, then until the player tells that it plays it no more."""
        await asyncio.sleep(self._ends_at - self._hass.loop.time())
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_DELAY):
                while self._seems_to_go_on():
                    await asyncio.sleep(LOOK_EVERY)
                    await async_update_entity(self._hass, self._entity_id)

    async def _announce(self, url: str) -> None:
        data = {ATTR_ENTITY_ID: self._entity_id, "media_id": url, "preannounce": False}
        seconds = SATELLITE_TIMEOUT + self._quip.duration
        await call_player(self._hass, ANNOUNCE, data, seconds)

    async def _play_media(self, url: str, state: State) -> None:
        data: dict[str, Any] = {
            ATTR_ENTITY_ID: self._entity_id,
            ATTR_MEDIA_CONTENT_TYPE: MUSIC,
            ATTR_MEDIA_CONTENT_ID: url,
            ATTR_MEDIA_EXTRA: {"metadata": {"title": self._quip.text}},
        }
        if state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & CAN_ANNOUNCE:
            data[ATTR_MEDIA_ANNOUNCE] = True
        await call_player(self._hass, PLAY_MEDIA, data, PLAYER_TIMEOUT + self._quip.duration)

    def _seems_to_go_on(self) -> bool:
        # What played before and plays again is somebody's music, not the quip.
        content = _content(self._hass.states.get(self._entity_id))
        return content not in (None, self._content_before)


def _content(state: State | None) -> str | None:
    """Return what a player plays, "" if it does not tell, None if it plays nothing."""
    if state is None or state.state not in (STATE_PLAYING, STATE_BUFFERING):
        return None
    return state.attributes.get(ATTR_MEDIA_CONTENT_ID) or ""
