"""The entities a door depends on: renamed ones are followed, missing ones told."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import (
    CALLBACK_TYPE,
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.event import (
    async_track_entity_registry_updated_event,
    async_track_state_change_event,
)
from homeassistant.helpers.start import async_at_started

from ..const import CONF_PLAYERS, CONF_SENSOR, SUBENTRY_DOOR
from ..issues import IssueKey, clear_issue, raise_issue
from ..stops import stop_all


class EntityFollower:
    """Follows the sensors and players of all doors of an entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
        self._hass = hass
        self._entry = entry
        self._doors = list(entry.get_subentries_of_type(SUBENTRY_DOOR))
        self._by_entity: dict[str, list[ConfigSubentry]] = defaultdict(list)
        for door in self._doors:
            for entity_id in _entity_ids(door):
                self._by_entity[entity_id].append(door)

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Watch from now on; return what ends it."""
        hass, entity_ids = self._hass, set(self._by_entity)
        stops = [
            async_track_entity_registry_updated_event(hass, entity_ids, self._registry_updated),
            async_track_state_change_event(hass, entity_ids, self._state_changed),
            async_at_started(hass, self._tell_all),
        ]
        return stop_all(stops)

    @callback
    def _registry_updated(self, event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        old, new = str(event.data.get("old_entity_id")), event.data["entity_id"]
        renamed = self._by_entity.get(old, [])
        for door in renamed:
            self._rename(door, old, new)
        self._tell_missing([*renamed, *self._by_entity.get(new, [])])

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        if event.data["old_state"] is None or event.data["new_state"] is None:
            self._tell_missing(self._by_entity[event.data["entity_id"]])

    def _rename(self, door: ConfigSubentry, old: str, new: str) -> None:
        sensor, *players = (new if name == old else name for name in _entity_ids(door))
        # Another door may claim the new name of the sensor: this one is told as missing then.
        with contextlib.suppress(AbortFlow):
            self._hass.config_entries.async_update_subentry(
                self._entry,
                door,
                data={**door.data, CONF_SENSOR: sensor, CONF_PLAYERS: players},
                unique_id=sensor,
            )

    @callback
    def _tell_all(self, _: HomeAssistant) -> None:
        self._tell_missing(self._doors)

    @callback
    def _tell_missing(self, doors: Iterable[ConfigSubentry]) -> None:
        hass = self._hass
        if hass.state is not CoreState.running:
            return  # not everything has been set up yet
        for door in doors:
            sensor, *players = _entity_ids(door)
            _tell(hass, "door_without_sensor", door, _missing(hass, [sensor]))
            _tell(hass, "door_without_player", door, _missing(hass, players))


def _entity_ids(door: ConfigSubentry) -> list[str]:
    return [door.data[CONF_SENSOR], *door.data[CONF_PLAYERS]]


def _missing(hass: HomeAssistant, entity_ids: Iterable[str]) -> list[str]:
    registry = er.async_get(hass)
    return [
        entity_id
        for entity_id in entity_ids
        if hass.states.get(entity_id) is None and registry.async_get(entity_id) is None
    ]


def _tell(hass: HomeAssistant, key: IssueKey, door: ConfigSubentry, missing: list[str]) -> None:
    if missing:
        names = ", ".join(missing)
        raise_issue(hass, key, about=door.subentry_id, door=door.title, missing=names)
    else:
        clear_issue(hass, key, about=door.subentry_id)
