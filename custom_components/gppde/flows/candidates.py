"""What in a house may notice a door, and what may speak for it, the likeliest first."""

from collections.abc import Container
from typing import Any, Final

from homeassistant.components.binary_sensor import DOMAIN as BINARY_SENSOR
from homeassistant.components.binary_sensor import BinarySensorDeviceClass
from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.components.media_player import (
    MediaPlayerDeviceClass,
    MediaPlayerEntityFeature,
)
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_SUPPORTED_FEATURES,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..speaking.players import SATELLITE

DOOR_LIKE: Final = (
    BinarySensorDeviceClass.DOOR,
    BinarySensorDeviceClass.GARAGE_DOOR,
    BinarySensorDeviceClass.OPENING,
    BinarySensorDeviceClass.WINDOW,
    BinarySensorDeviceClass.LOCK,
)
"""Device classes, the likeliest first."""
SATELLITE_ANNOUNCES: Final = 1
"""AssistSatelliteEntityFeature.ANNOUNCE, whose component takes long to import."""
LOUDSPEAKERS: Final = (None, MediaPlayerDeviceClass.SPEAKER)
"""A television is asked last: it would have to be switched on."""


@callback
def likeliest_sensor(hass: HomeAssistant, taken: Container[str | None]) -> str | None:
    """Return the sensor that is most likely a door's of those not taken, if any looks like one."""
    free = [it for it in hass.states.async_all(BINARY_SENSOR) if it.entity_id not in taken]
    like = [it for it in free if looks_like_door(it) and not _is_hidden(hass, it)]
    best = min(like, key=lambda it: (DOOR_LIKE.index(_kind(it)), _name(it)), default=None)
    return best.entity_id if best else None


@callback
def looks_like_door(sensor: State | None) -> bool:
    """Whether a sensor says so itself."""
    return sensor is not None and _kind(sensor) in DOOR_LIKE


@callback
def announcers(hass: HomeAssistant) -> list[State]:
    """Return the players that let music go on after a remark, by name."""
    return sorted(filter(_announces, _players(hass)), key=_name)


@callback
def likeliest_player(hass: HomeAssistant, sensor: str | None) -> str | None:
    """Return the player that suits a sensor best: in its room, and made for announcements."""
    room = _area(hass, sensor) if sensor else None

    def rank(player: State) -> tuple[bool, bool, bool, str]:
        is_elsewhere = room is None or _area(hass, player.entity_id) != room
        is_loud = player.attributes.get(ATTR_DEVICE_CLASS) in LOUDSPEAKERS
        return not is_loud, is_elsewhere, not _announces(player), _name(player)

    ready = (it for it in _players(hass) if it.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN))
    best = min(ready, key=rank, default=None)
    return best.entity_id if best else None


def _players(hass: HomeAssistant) -> list[State]:
    states = hass.states.async_all((MEDIA_PLAYER, SATELLITE))
    return [it for it in states if _speaks(it) and not _is_hidden(hass, it)]


def _speaks(player: State) -> bool:
    if player.domain == SATELLITE:
        return _announces(player)
    return _has(player, MediaPlayerEntityFeature.PLAY_MEDIA)


def _announces(player: State) -> bool:
    if player.domain == SATELLITE:
        return _has(player, SATELLITE_ANNOUNCES)
    return _has(player, MediaPlayerEntityFeature.MEDIA_ANNOUNCE)


def _has(state: State, feature: int) -> bool:
    return bool(state.attributes.get(ATTR_SUPPORTED_FEATURES, 0) & feature)


def _kind(sensor: State) -> Any:
    return sensor.attributes.get(ATTR_DEVICE_CLASS)


def _is_hidden(hass: HomeAssistant, state: State) -> bool:
    entry = er.async_get(hass).async_get(state.entity_id)
    return entry is not None and entry.hidden_by is not None


def _area(hass: HomeAssistant, entity_id: str) -> str | None:
    entry = er.async_get(hass).async_get(entity_id)
    if entry is None:
        return None
    device = dr.async_get(hass).async_get(entry.device_id) if entry.device_id else None
    return entry.area_id or (device.area_id if device else None)


def _name(state: State) -> str:
    return state.name.casefold()
