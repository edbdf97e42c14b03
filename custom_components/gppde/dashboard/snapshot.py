"""All that the dashboard card shows, as one JSON object."""

from dataclasses import asdict
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er

from ..const import CONF_SENSOR, DOMAIN
from ..data import GppdeConfigEntry
from ..doors.door import Door
from ..ec2.settings import Ec2Settings
from ..personas.persona import Persona
from ..refills.refill import Refill
from ..sources.kinds import source_of
from .recent import RECENT, Line

type Json = dict[str, Any]
type Devices = dict[str, dr.DeviceEntry]


def take_snapshot(hass: HomeAssistant, entry: GppdeConfigEntry | None) -> Json:
    """Return the state of all parts; where nothing is set up, `entry` is None and all is empty.

    Personas and doors go by the ids of their subentries; times are ISO 8601, in UTC.
    """
    if entry is None:
        return {
            "entry": None,
            "source": None,
            "personas": [],
            "doors": [],
            "refill": None,
            "spent": None,
            "recent": [],
        }
    data = entry.runtime_data
    personas = data.personas.values()
    lines = {persona.id: hass.data[RECENT].lines(persona) for persona in personas}
    devices = _devices(hass, entry)
    return {
        "entry": entry.entry_id,
        "source": source_of(entry),
        "personas": [_persona(persona, devices, lines[persona.id]) for persona in personas],
        "doors": [_door(hass, entry, door, devices) for door in data.doors.values()],
        "refill": _refill(data.refill),
        "spent": _spent(entry),
        "recent": [_line(line) for each in lines.values() for line in each],
    }


def _devices(hass: HomeAssistant, entry: GppdeConfigEntry) -> Devices:
    """Return the devices of an entry by the ids of their subentries."""
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return {id_: device for device in devices for _, id_ in device.identifiers}


def _device(devices: Devices, owner: str, name: str) -> Json:
    device = devices.get(owner)
    return {
        "device_id": device.id if device else None,
        "name": (device and device.name_by_user) or name,
    }


def _persona(persona: Persona, devices: Devices, lines: list[Line]) -> Json:
    return {
        "id": persona.id,
        **_device(devices, persona.id, persona.brief.name),
        "tone": persona.brief.tone,
        "fresh": persona.stock.fresh_count,
        "stale": persona.stock.stale_count,
        "target": persona.target,
        "low_water": persona.low_water,
        "last": _line(lines[0]) if lines else None,
    }


def _door(hass: HomeAssistant, entry: GppdeConfigEntry, door: Door, devices: Devices) -> Json:
    find = er.async_get(hass).async_get_entity_id
    return {
        "id": door.id,
        **_device(devices, door.id, door.name),
        "persona": door.persona.id,
        "sensor": entry.subentries[door.id].data[CONF_SENSOR],
        "talkative_entity": find("switch", DOMAIN, f"{door.id}_talkative"),
        "say_entity": find("button", DOMAIN, f"{door.id}_say_something"),
        "quip_entity": find("event", DOMAIN, f"{door.id}_quip"),
    }


def _refill(refill: Refill) -> Json:
    return {
        "state": refill.state,
        "progress": refill.progress,
        "persona": refill.persona.id if refill.persona else None,
        "last_error": refill.last_error,
    }


def _spent(entry: GppdeConfigEntry) -> Json | None:
    """In dollars, of this month."""
    if (instances := entry.runtime_data.instances) is None:
        return None
    return {"dollars": round(instances.spent, 4), "budget": Ec2Settings.from_entry(entry).budget}


def _line(line: Line) -> Json:
    return asdict(line) | {"said_at": line.said_at.isoformat(timespec="seconds")}
