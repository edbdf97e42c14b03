"""A player's volume, borrowed for a quip and given back."""

from math import inf

from homeassistant.components.media_player import (
    ATTR_MEDIA_VOLUME_LEVEL,
    MediaPlayerEntityFeature,
)
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import ATTR_ENTITY_ID, ATTR_SUPPORTED_FEATURES, SERVICE_VOLUME_SET
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.event import async_track_state_change_event

from .player_call import Outage, PlayerError, call_player

VOLUME_SET = (MEDIA_PLAYER, SERVICE_VOLUME_SET)
TIMEOUT = 3
LONGEST_LAG = 5
"""Seconds in which a player may still report a volume that it has no more."""
TOLERANCE = 0.02
ROUNDING = 0.1
"""How far from the level it was asked for a player may report itself without a person's doing."""


class BorrowedVolume:
    """Sets a player's volume, and sets it back unless a person changed it meanwhile.

    Levels are Home Assistant's: 0 to 1. Nothing here raises: a quip at the wrong volume is better
    than none.
    """

    def __init__(self, hass: HomeAssistant, entity_id: str) -> None:
        self._hass = hass
        self._entity_id = entity_id
        self._outage = Outage(entity_id, "keeps its volume")
        self._original: float | None = None
        self._asked = 0.0
        self._reported: float | None = None
        self._given_back = 0.0
        self._given_back_at = -inf
        self._stop_listening: CALLBACK_TYPE | None = None

    async def borrow(self, level: float | None) -> None:
        """Set the volume, and remember the one before; None asks for that one."""
        if level is None:
            await self.give_back()
        elif self._original is not None and level == self._asked:
            return
        elif (reported := self._current()) is not None:
            current = self._unless_just_given_back(reported)
            if not _alike(current, level):
                self._remember(current, level)
                await self._set(level)

    async def give_back(self) -> None:
        """Set the volume back to what it was before the first of all that were borrowed."""
        if self._original is None or self._stop_listening is None:
            return
        original, current = self._original, self._current()
        is_a_persons = current is not None and self._is_a_persons(current)
        self._stop_listening()
        self._original = self._stop_listening = None
        if not is_a_persons:
            self._given_back = original
            self._given_back_at = self._hass.loop.time()
            await self._set(original)

    def _unless_just_given_back(self, reported: float) -> float:
        is_recent = self._hass.loop.time() < self._given_back_at + LONGEST_LAG
        return self._given_back if is_recent and self._is_ours(reported) else reported

    def _remember(self, current: float, level: float) -> None:
        if self._original is None:
            self._stop_listening = async_track_state_change_event(
                self._hass, self._entity_id, self._state_changed
            )
            self._original = current
        elif self._is_a_persons(current):
            self._original = current
        self._asked, self._reported = level, None

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        # The first report near what was asked for is the player's own rounding of it.
        level = _level(event.data["new_state"])
        if self._reported is None and level is not None and level != self._original:
            self._reported = level if abs(level - self._asked) <= ROUNDING else None

    def _is_a_persons(self, level: float) -> bool:
        # A player that is slow to report still shows the original.
        return not self._is_ours(level) and not _alike(level, self._original)

    def _is_ours(self, level: float) -> bool:
        return _alike(level, self._asked) or _alike(level, self._reported)

    async def _set(self, level: float) -> None:
        data = {ATTR_ENTITY_ID: self._entity_id, ATTR_MEDIA_VOLUME_LEVEL: level}
        try:
            await call_player(self._hass, VOLUME_SET, data, TIMEOUT)
        except PlayerError as error:
            self._outage.failed(error)
        else:
            self._outage.worked()

    def _current(self) -> float | None:
        return _level(self._hass.states.get(self._entity_id))


def _level(state: State | None) -> float | None:
    """Return the volume that a player reports, if it can be set."""
    if state is None or not (
        state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & MediaPlayerEntityFeature.VOLUME_SET
    ):
        return None
    level: float | None = state.attributes.get(ATTR_MEDIA_VOLUME_LEVEL)
    return level


def _alike(level: float, other: float | None) -> bool:
    return other is not None and abs(level - other) <= TOLERANCE
