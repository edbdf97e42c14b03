"""Which players a name stands for: itself, or the members of a group."""

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, callback

SATELLITE = "assist_satellite"
_PREFIXES = (f"{MEDIA_PLAYER}.", f"{SATELLITE}.")


@callback
def members(hass: HomeAssistant, entity_id: str) -> list[str]:
    """Return the players behind an entity, each once; groups in groups are resolved.

    A group itself is never played on: it would drop the announcement and the volumes.
    """
    found = []
    entity_ids = [entity_id]
    for candidate in entity_ids:  # which grows meanwhile
        state = hass.states.get(candidate)
        if state and (grouped := state.attributes.get(ATTR_ENTITY_ID)) is not None:
            entity_ids += [member for member in grouped if member not in entity_ids]
        elif candidate.startswith(_PREFIXES):
            found.append(candidate)
    return found
