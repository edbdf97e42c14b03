"""GPPDE in the house: set up through its own flows, and its entities found."""

from dataclasses import dataclass
from typing import Final

from .client import Client
from .flows import add_integration, add_subentry, subentries
from .quipgen import Quipgen
from .waiting import until

TOGGLE: Final = "input_boolean.front_door"
SENSOR: Final = "binary_sensor.front_door"
PLAYER: Final = "media_player.music_player_daemon"
COOL_DOWN: Final = 0


@dataclass(frozen=True, slots=True)
class Gppde:
    """The ids of the entry, its first persona and its first door, and their entities by
    platform and translation key (`sensor.quip_stock`)."""

    entry_id: str
    persona_id: str
    door_id: str
    entities: dict[str, str]


async def set_up(client: Client, quipgen: Quipgen) -> Gppde:
    """Add the source, then the front door with the first persona; raises RefusedError."""
    source = {"url": quipgen.url, "token": quipgen.token}
    entry_id = await add_integration(client, "gppde", source)
    [persona_id] = await subentries(client, entry_id, "persona")
    door = {
        "sensor": SENSOR,
        "players": [PLAYER],
        "persona": persona_id,
        "cool_down": COOL_DOWN,
    }
    await add_subentry(client, entry_id, "door", door)
    [door_id] = await subentries(client, entry_id, "door")

    async def entities() -> dict[str, str]:
        found = await _entities(client, entry_id, persona_id, door_id)
        states = await client.states()
        return (
            found if "button.say_something" in found and set(found.values()) <= set(states) else {}
        )

    return Gppde(entry_id, persona_id, door_id, await until("The door's entities", 30, entities))


async def _entities(client: Client, *owners: str) -> dict[str, str]:
    prefixes = tuple(f"{owner}_" for owner in owners)
    return {
        f"{entity['entity_id'].split('.')[0]}.{entity['translation_key']}": entity["entity_id"]
        for entity in await client.command("config/entity_registry/list")
        if entity["platform"] == "gppde" and entity["unique_id"].startswith(prefixes)
    }
