"""Buttons: refill a persona's stock, let a door say something."""

from homeassistant.components.button import ButtonEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import GppdeConfigEntry
from .doors.door import Door
from .entity import DoorEntity, PersonaEntity, SourceEntity
from .personas.persona import Persona
from .refills.refill import Refill

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a button to each persona and to each door."""
    data = entry.runtime_data
    if data.instances:
        async_add_entities([StopRefillButton("stop_refill", entry)])
    for id_, persona in data.personas.items():
        async_add_entities([RefillButton(persona, data.refill)], config_subentry_id=id_)
    for id_, door in data.doors.items():
        async_add_entities([SaySomethingButton(door)], config_subentry_id=id_)


class RefillButton(PersonaEntity, ButtonEntity):
    """Fills a persona's stock up to its target."""

    def __init__(self, persona: Persona, refill: Refill) -> None:
        super().__init__("refill", persona)
        self._refill = refill

    async def async_press(self) -> None:
        """Order quips, and wait for them."""
        await self._refill.request(self._persona)


class StopRefillButton(SourceEntity, ButtonEntity):
    """Ends the refill, and with it the instance."""

    _attr_entity_category = None

    async def async_press(self) -> None:
        """Stop, and wait until the instance was told to end."""
        await self._refill.abandon()


class SaySomethingButton(DoorEntity, ButtonEntity):
    """Makes a door speak at once, whatever the hour."""

    def __init__(self, door: Door) -> None:
        super().__init__("say_something", door)

    async def async_press(self) -> None:
        """Speak."""
        self._door.say()
