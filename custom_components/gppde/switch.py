"""The switch that keeps a door from talking."""

from typing import Any

from homeassistant.components.switch import SwitchEntity
from homeassistant.const import STATE_OFF
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.restore_state import RestoreEntity

from .data import GppdeConfigEntry
from .doors.door import Door
from .entity import DoorEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add one switch to each door."""
    for id_, door in entry.runtime_data.doors.items():
        async_add_entities([TalkativeSwitch(door)], config_subentry_id=id_)


class TalkativeSwitch(DoorEntity, SwitchEntity, RestoreEntity):
    """Whether a door talks when it moves; it keeps its position over restarts."""

    def __init__(self, door: Door) -> None:
        super().__init__("talkative", door)

    async def async_added_to_hass(self) -> None:
        """Take the position it had."""
        await super().async_added_to_hass()
        last = await self.async_get_last_state()
        self._door.talkative = last is None or last.state != STATE_OFF

    @property
    def is_on(self) -> bool:
        """Whether the door talks."""
        return self._door.talkative

    async def async_turn_on(self, **_: Any) -> None:
        """Let it talk."""
        self._set(talkative=True)

    async def async_turn_off(self, **_: Any) -> None:
        """Keep it silent."""
        self._set(talkative=False)

    def _set(self, *, talkative: bool) -> None:
        self._door.talkative = talkative
        self.async_write_ha_state()
