"""Which players a name stands for: itself, or the members of a group."""

from collections.abc import Iterator

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback

SATELLITE = "assist_satellite"
_DOMAINS = (MEDIA_PLAYER, SATELLITE)
_GROUP = "group"


@callback
def members(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return the players behind an entity, each once; groups in groups are resolved.

    A group itself is never played on: it would drop the announcement and the volumes.
    """
    return list(dict.fromkeys(_players(hass, entity_id, set())))


def _players(hass: HomeAssistant, entity_id: str, seen: set[str]) -> Iterator[str]:
    if entity_id in seen:
        return
    seen.add(entity_id)
    domain = entity_id.partition(".")[0]
    if domain not in (*_DOMAINS, _GROUP):
        return
    state = hass.states.get(entity_id)
    grouped = state.attributes.get(ATTR_ENTITY_ID) if state else None
    if grouped is None and domain in _DOMAINS:
        yield entity_id
    for member in grouped or ():
        yield from _players(hass, member, seen)
