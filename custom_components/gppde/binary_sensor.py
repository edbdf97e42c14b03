"""A binary sensor: whether an instance may be running, and costing money."""

from homeassistant.components.binary_sensor import BinarySensorDeviceClass, BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .data import GppdeConfigEntry
from .entity import InstanceEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add it where quips come from EC2."""
    if instances := entry.runtime_data.instances:
        async_add_entities([InstanceSensor("instance", entry, instances)])


class InstanceSensor(InstanceEntity, BinarySensorEntity):
    """On until AWS itself has said that the instance is gone."""

    _attr_device_class = BinarySensorDeviceClass.RUNNING

    @property
    def is_on(self) -> bool:
        """Whether there may be one."""
        return self._instances.may_run
