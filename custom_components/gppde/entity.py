"""What all our entities share: names by key, unique ids by subentry, updates by signal."""

from collections.abc import Iterable
from typing import Any

from homeassistant.const import EntityCategory
from homeassistant.core import callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity import Entity

from .const import DOMAIN
from .data import GppdeConfigEntry
from .doors.door import Door
from .ec2.instances import Instances
from .personas.persona import Persona

MODEL_PERSONA = "Persona"


class GppdeEntity(Entity):
    """An entity that is told of changes by dispatcher signals."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, key: str, owner_id: str, device: DeviceInfo, signals: Iterable[str] = ()
    ) -> None:
        self._attr_translation_key = key
        self._attr_unique_id = f"{owner_id}_{key}"
        self._attr_device_info = device
        self._signals = signals

    async def async_added_to_hass(self) -> None:
        """Listen from now on."""
        await super().async_added_to_hass()
        for signal in self._signals:
            self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._signalled))

    @callback
    def _signalled(self, *_: Any) -> None:
        self.async_write_ha_state()


class PersonaEntity(GppdeEntity):
    """An entity on a persona's device."""

    def __init__(self, key: str, persona: Persona, signals: Iterable[str] = ()) -> None:
        device = _device(persona.id, persona.brief.name, MODEL_PERSONA, DeviceEntryType.SERVICE)
        super().__init__(key, persona.id, device, signals)
        self._persona = persona


class DoorEntity(GppdeEntity):
    """An entity on a door's device."""

    def __init__(self, key: str, door: Door, signals: Iterable[str] = ()) -> None:
        super().__init__(key, door.id, _device(door.id, door.name, "Door"), signals)
        self._door = door


class SourceEntity(GppdeEntity):
    """An entity on the device that stands for the source of quips."""

    _attr_entity_category: EntityCategory | None = EntityCategory.DIAGNOSTIC

    def __init__(self, key: str, entry: GppdeConfigEntry) -> None:
        device = _device(entry.entry_id, entry.title, "Source", DeviceEntryType.SERVICE)
        self._refill = entry.runtime_data.refill
        super().__init__(key, entry.entry_id, device, [self._refill.signal])


class InstanceEntity(GppdeEntity):
    """An entity of the source that tells of what runs at AWS."""

    def __init__(self, key: str, entry: GppdeConfigEntry, instances: Instances) -> None:
        device = _device(entry.entry_id, entry.title, "Source", DeviceEntryType.SERVICE)
        self._instances = instances
        signals = [instances.signal, entry.runtime_data.refill.signal]
        super().__init__(key, entry.entry_id, device, signals)

    @property
    def available(self) -> bool:
        """Whether anybody here knows."""
        return self._instances.is_known


def _device(
    id_: str, name: str, model: str, entry_type: DeviceEntryType | None = None
) -> DeviceInfo:
    return DeviceInfo(
        entry_type=entry_type,
        identifiers={(DOMAIN, id_)},
        manufacturer="GPPDE",
        model=model,
        name=name,
    )
