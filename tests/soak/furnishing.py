"""The household's Home Assistant, before and after its integrations were added."""

import shutil
from itertools import chain
from pathlib import Path

from tests.e2e.house import configuration
from tests.e2e.house.client import Client, Json
from tests.e2e.house.flows import (
    add_integration,
    add_subentry,
    fill_in_next,
    reconfigure_subentry,
    subentries,
)
from tests.e2e.house.places import INTEGRATION
from tests.e2e.house.ports import LOOPBACK
from tests.e2e.house.source import Source

from .household import ATTIC, DOORS, KITCHEN, NIGHT, PERSONAS, Speaks

MPD = "media_player.music_player_daemon"

SPARE = Speaks("Spare door", "Hinge", (KITCHEN,))
STOCK: Json = {"target": 40, "low_water": 20, "when_empty": "silent"}
YAML = """\
frontend:
history:
logbook:
backup:
media_source:
assist_pipeline:
logger:
  default: warning
media_player:
  - platform: group
    name: Downstairs
    entities: [media_player.kitchen]
"""
TOGGLE = """
  {key}:
    name: {name} stands open
"""
SENSOR = """
      - name: {name}
        unique_id: {key}
        device_class: door
        state: "{{{{ is_state('input_boolean.{key}', 'on') }}}}"
"""


def furnish(folder: Path, port: int) -> None:
    """Fill an empty configuration folder; a copy of ours lies there, since it is backed up."""
    doors = [*DOORS, SPARE]
    toggles = chain(["input_boolean:"], (TOGGLE.format(key=d.key, name=d.name) for d in doors))
    sensors = (SENSOR.format(key=d.key, name=d.name) for d in doors)
    text = [configuration.HOUSE, YAML, *toggles, "template:\n  - binary_sensor:", *sensors]
    configuration.write(folder, port, "".join(text).replace("{{", "{{{{").replace("}}", "}}}}"))
    ours = folder / "custom_components/gppde"
    ours.unlink()
    shutil.copytree(INTEGRATION, ours, ignore=shutil.ignore_patterns("__pycache__"))


async def move_in(client: Client, source: Source, kitchen: int, attic: int, stairs: int) -> str:
    """Add players by their ports, the source, its personas and doors; return the entry's id."""
    await _add_player(client, "mpd", kitchen, MPD, KITCHEN)
    await _add_player(client, "mpd", attic, MPD, ATTIC)
    await add_integration(client, "wyoming", {"host": LOOPBACK, "port": stairs})
    added = await source.add(client)
    entry_id = str(added["result"]["entry_id"])
    await _invite(client, entry_id)
    personas = await subentries(client, entry_id, "persona")
    first, *others = DOORS
    await fill_in_next(client, added, form_of(first, personas))
    for door in others:
        await add_subentry(client, entry_id, "door", form_of(door, personas))
    return entry_id


def form_of(door: Speaks, personas: dict[str, str]) -> Json:
    """Return how a person fills a door's form in."""
    manners: Json = {"speak_on": "opened", "cool_down": door.cool_down}
    return {
        "sensor": f"binary_sensor.{door.key}",
        "players": list(door.players),
        "persona": personas[door.persona],
        "manners": manners | (NIGHT if door.is_quiet_at_night else {}),
        "hear": False,
    }


async def _add_player(client: Client, domain: str, port: int, given: str, wished: str) -> None:
    await add_integration(client, domain, {"host": LOOPBACK, "port": port})
    await client.command("config/entity_registry/update", entity_id=given, new_entity_id=wished)


async def _invite(client: Client, entry_id: str) -> None:
    """Let the persona that is there already be the first one, and add the others."""
    [squeak] = (await subentries(client, entry_id, "persona")).values()
    first, *others = ({"name": name, "tone": tone} | STOCK for name, tone in PERSONAS.items())
    await reconfigure_subentry(client, entry_id, "persona", squeak, first)
    for persona in others:
        await add_subentry(client, entry_id, "persona", persona)
