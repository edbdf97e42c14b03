"""GPPDE in the house: set up through its own flows, and its entities found."""

from dataclasses import dataclass
from typing import Final

from .client import Client
from .flows import fill_in_next, subentries
from .source import Source
from .waiting import until

TOGGLE: Final = "input_boolean.front_door"
SENSOR: Final = "binary_sensor.front_door"
PLAYER: Final = "media_player.music_player_daemon"
# It answers every opening: a demo has no time for a door that cools down.
DOOR: Final = {
    "sensor": SENSOR,
    "players": [PLAYER],
    "manners": {"speak_on": "opened", "cool_down": 0},
    "hear": False,
}


@dataclass(frozen=True, slots=True)
class Gppde:
    """The ids of the entry, its first persona and its first door.

    `entities` are named by platform and translation key, such as `sensor.quip_stock`.
    """

    entry_id: str
    persona_id: str
    door_id: str
    door_device_id: str
    entities: dict[str, str]


async def set_up(client: Client, source: Source) -> Gppde:
    """Add the source and, where its flow leads on, the front door; raises RefusedError."""
    added = await source.add(client)
    await fill_in_next(client, added, DOOR)
    entry_id = added["result"]["entry_id"]
    [persona_id] = (await subentries(client, entry_id, "persona")).values()
    [door_id] = (await subentries(client, entry_id, "door")).values()

    async def entities() -> dict[str, str]:
        found = await _entities(client, entry_id, persona_id, door_id)
        states = await client.states()
        is_complete = "button.say_something" in found and set(found.values()) <= set(states)
        return found if is_complete else {}

    found = await until("The door's entities", 30, entities)
    device_id = await _device(client, door_id)
    return Gppde(entry_id, persona_id, door_id, device_id, found)


async def _device(client: Client, owner: str) -> str:
    devices = await client.command("config/device_registry/list")
    [device_id] = [found["id"] for found in devices if ["gppde", owner] in found["identifiers"]]
    return str(device_id)


async def _entities(client: Client, *owners: str) -> dict[str, str]:
    prefixes = tuple(f"{owner}_" for owner in owners)
    return {
        f"{entity['entity_id'].split('.')[0]}.{entity['translation_key']}": entity["entity_id"]
        for entity in await client.command("config/entity_registry/list")
        if entity["platform"] == "gppde" and entity["unique_id"].startswith(prefixes)
    }
