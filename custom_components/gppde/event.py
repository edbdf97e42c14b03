"""What a door said, and why it kept silent, as events for the logbook and for automations."""

from typing import Any

from homeassistant.components.event import EventEntity
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import GppdeConfigEntry
from .door import Door, Spoken, Unspoken
from .entity import DoorEntity

PARALLEL_UPDATES = 0
SAID = "said"
NOT_SAID = "not_said"


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add one event entity to each door."""
    for id_, door in entry.runtime_data.doors.items():
        async_add_entities([QuipEvent(door)], config_subentry_id=id_)


class QuipEvent(DoorEntity, EventEntity):
    """Fires for every quip said, and for every one that was not."""

    _attr_event_types = [SAID, NOT_SAID]  # noqa: RUF012
    _unrecorded_attributes = frozenset({"mood", "uuid"})

    def __init__(self, door: Door) -> None:
        super().__init__("quip", door, [door.signal])

    @callback
    def _signalled(self, news: Spoken | Unspoken) -> None:
        attributes: dict[str, Any] = {"persona": self._door.persona.brief.name}
        if news.quip is not None:
            quip = news.quip
            attributes |= {"text": quip.text, "uuid": quip.uuid, "mood": quip.mood}
        if isinstance(news, Spoken):
            self._trigger_event(SAID, attributes | {"player": news.player})
        else:
            self._trigger_event(NOT_SAID, attributes | {"reason": str(news.reason)})
        self.async_write_ha_state()
