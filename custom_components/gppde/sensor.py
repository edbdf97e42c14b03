"""Sensors: a persona's stock and last words, and how the refill goes."""

from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.components.sensor import (
    RestoreSensor,
    SensorDeviceClass,
    SensorEntity,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .aws.prices import CURRENCY
from .const import ATTR_LEVEL, RefillState
from .data import GppdeConfigEntry
from .doors.door import Door, Spoken, Unspoken
from .entity import InstanceEntity, PersonaEntity, SourceEntity
from .personas.persona import Persona

PARALLEL_UPDATES = 0
_LONGEST_STATE = 255
_REMEMBERED = ("tone", "mood", "said_at", "door")


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each persona, and those of the source."""
    data = entry.runtime_data
    async_add_entities([RefillSensor(entry), RefillProgressSensor(entry)])
    if data.instances:
        async_add_entities([SpentSensor("spent", entry, data.instances)])
    for id_, persona in data.personas.items():
        doors = [door for door in data.doors.values() if door.persona is persona]
        async_add_entities(
            [StockSensor(persona), LastQuipSensor(persona, doors)], config_subentry_id=id_
        )


class StockSensor(PersonaEntity, SensorEntity):
    """How many quips are waiting to be said."""

    _attr_state_class = SensorStateClass.MEASUREMENT
    _unrecorded_attributes = frozenset({"stale"})

    def __init__(self, persona: Persona) -> None:
        super().__init__("quip_stock", persona, [persona.signal])

    @property
    def native_value(self) -> int:
        """Quips not yet said."""
        return self._persona.stock.fresh_count

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """How well stocked that is, and the quips said before."""
        return {ATTR_LEVEL: self._persona.level, "stale": self._persona.stock.stale_count}


class LastQuipSensor(PersonaEntity, RestoreSensor):
    """The last line a persona said at any of its doors."""

    _unrecorded_attributes = frozenset({"mood", "said_at"})

    def __init__(self, persona: Persona, doors: list[Door]) -> None:
        super().__init__("last_quip", persona)
        self._doors = doors

    async def async_added_to_hass(self) -> None:
        """Remember what was said before the restart, and listen at all doors."""
        await super().async_added_to_hass()
        await self._restore()
        for door in self._doors:
            listener = partial(self._heard, door.name)
            self.async_on_remove(async_dispatcher_connect(self.hass, door.signal, listener))

    async def _restore(self) -> None:
        value = await self.async_get_last_sensor_data()
        state = await self.async_get_last_state()
        if value and state:
            self._attr_native_value = value.native_value
            self._attr_extra_state_attributes = {
                name: state.attributes[name] for name in _REMEMBERED if name in state.attributes
            }

    @callback
    def _heard(self, door: str, news: Spoken | Unspoken) -> None:
        if not isinstance(news, Spoken):
            return
        quip = news.quip
        self._attr_native_value = quip.text[:_LONGEST_STATE]
        self._attr_extra_state_attributes = {
            "tone": quip.tone,
            "mood": quip.mood,
            "said_at": dt_util.now().isoformat(timespec="seconds"),
            "door": door,
        }
        self.async_write_ha_state()


class RefillSensor(SourceEntity, SensorEntity):
    """What the refill is doing."""

    _attr_device_class = SensorDeviceClass.ENUM
    _attr_options = list(RefillState)  # noqa: RUF012

    def __init__(self, entry: GppdeConfigEntry) -> None:
        super().__init__("refill", entry)

    @property
    def native_value(self) -> RefillState:
        """Its state."""
        return self._refill.state

    @property
    def extra_state_attributes(self) -> dict[str, Any]:
        """Whose stock is being filled, if any."""
        persona = self._refill.persona
        return {"persona": persona.brief.name if persona else None}


class RefillProgressSensor(SourceEntity, SensorEntity):
    """How far the running refill is."""

    _attr_native_unit_of_measurement = PERCENTAGE

    def __init__(self, entry: GppdeConfigEntry) -> None:
        super().__init__("refill_progress", entry)

    @property
    def native_value(self) -> int | None:
        """Percent made; unknown while none runs."""
        return self._refill.progress


class SpentSensor(InstanceEntity, SensorEntity):
    """What instances have cost this month; AWS's own bill comes later, and counts."""

    _attr_device_class = SensorDeviceClass.MONETARY
    _attr_state_class = SensorStateClass.TOTAL
    _attr_native_unit_of_measurement = CURRENCY
    _attr_suggested_display_precision = 2

    @property
    def native_value(self) -> float:
        """In dollars, to the hundredth of a cent, so that it moves with each refill."""
        return round(self._instances.spent, 4)

    @property
    def last_reset(self) -> datetime:
        """The beginning of the month, which begins where AWS reckons."""
        return dt_util.utcnow().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
