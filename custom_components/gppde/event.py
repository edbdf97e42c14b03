"""What a door said, and why it kept silent, as events for automations and for the logbook."""

from typing import Any, Final

from homeassistant.components.event import ATTR_EVENT_TYPE, EventEntity
from homeassistant.const import ATTR_DEVICE_ID, ATTR_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .data import GppdeConfigEntry
from .doors.door import Door, News, Spoken
from .entity import DoorEntity

PARALLEL_UPDATES = 0
EVENT_QUIP: Final = f"{DOMAIN}_quip"
"""Fired on the bus for the logbook, which can tell a line from an event, not from a state."""
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
    def _signalled(self, news: News) -> None:
        happened = SAID if isinstance(news, Spoken) else NOT_SAID
        attributes = self._told(news)
        self._trigger_event(happened, attributes)
        self.async_write_ha_state()
        # By the device, not by this entity: a logbook that leaves the entity out has the sentence.
        device = self.device_entry.id if self.device_entry else None
        door = {ATTR_DEVICE_ID: device, ATTR_NAME: self._door.name}
        self.hass.bus.async_fire(EVENT_QUIP, attributes | door | {ATTR_EVENT_TYPE: happened})

    def _told(self, news: News) -> dict[str, Any]:
        told: dict[str, Any] = {"persona": self._door.persona.brief.name}
        if quip := news.quip:
            told |= {"text": quip.text, "uuid": quip.uuid, "mood": quip.mood}
        if isinstance(news, Spoken):
            return told | {"player": news.player}
        return told | {"reason": str(news.reason)}
