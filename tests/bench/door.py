"""How soon after its sensor's event a door reaches its player, beside what else one may do.

python -m tests.bench.door [-n 500] [--json FILE]
"""

import argparse
import asyncio
import json
import platform
import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from time import perf_counter_ns
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from homeassistant import loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.bootstrap import async_load_base_functionality
from homeassistant.components.media_player import (
    DOMAIN as MEDIA_PLAYER,
)
from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature,
    MediaPlayerState,
)
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry, ConfigSubentry
from homeassistant.const import __version__ as home_assistant_version
from homeassistant.core import CoreState, Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.setup import async_setup_component

from custom_components.gppde.const import DOMAIN, SpeakOn, Tone, WhenEmpty
from custom_components.gppde.doors.door import Door, DoorConfig
from custom_components.gppde.personas.persona import Persona, stocks_folder
from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.speaking.player import PAUSE
from custom_components.gppde.speaking.quip_url import QuipUrls
from custom_components.gppde.speaking.speaker import Speaker

AUTOMATION, LIMIT, GPPDE = "automation", "limit", "gppde"
CONTENDERS = {
    AUTOMATION: "hand-written automation, a fixed file",
    LIMIT: "bare listener that calls the player",
    GPPDE: "GPPDE",
}
GOALS = {AUTOMATION: 0.6, LIMIT: 1.4}
DOORS = 25
WARM_UP = 2
SETTLING_TIME = 0.02
"""Seconds in which a quip becomes stale on disk; real doors do not open that fast in a row."""
FIXED_FILE = "http://192.168.1.2:8123/local/door.mp3"

Row = dict[str, float]


class StopwatchPlayer(MediaPlayerEntity):
    """Notes when it is told to play."""

    _attr_should_poll = False
    _attr_state = MediaPlayerState.IDLE
    _attr_supported_features = MediaPlayerEntityFeature.PLAY_MEDIA

    def __init__(self, name: str) -> None:
        self.entity_id = f"{MEDIA_PLAYER}.{name}"
        self._attr_unique_id = self._attr_name = name
        self.called = asyncio.Event()
        self.called_at = 0

    async def async_play_media(self, *_: Any, **__: Any) -> None:
        """Stop the watch."""
        self.called_at = perf_counter_ns()
        self.called.set()


def sensor_of(name: str) -> str:
    """Return the sensor that belongs to a player."""
    return f"binary_sensor.{name}"


async def start_home_assistant(folder: str) -> HomeAssistant:
    """Start a core with what the contenders need, and no more."""
    hass = HomeAssistant(folder)
    loader.async_setup(hass)
    hass.config.skip_pip = True
    hass.config.internal_url = "http://192.168.1.2:8123"
    hass.config_entries = ConfigEntries(hass, {})
    await async_load_base_functionality(hass)
    hass.auth = await auth_manager_from_config(hass, [], [])
    config = {"http": {"server_host": "127.0.0.1", "server_port": free_port()}}
    for domain in ("homeassistant", "http", MEDIA_PLAYER):
        assert await async_setup_component(hass, domain, config)
    hass.set_state(CoreState.running)
    return hass


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def add_players(hass: HomeAssistant) -> dict[str, StopwatchPlayer]:
    """Add a player for each door of each contender."""
    names = [f"{contender}_{number}" for contender in CONTENDERS for number in range(DOORS)]
    players = {name: StopwatchPlayer(name) for name in names}
    await hass.data[DATA_INSTANCES][MEDIA_PLAYER].async_add_entities(players.values())
    for name in names:
        hass.states.async_set(sensor_of(name), "off")
    return players


async def add_automations(hass: HomeAssistant) -> None:
    """Write the automations that a person would write."""
    automations = [automation(f"{AUTOMATION}_{number}") for number in range(DOORS)]
    assert await async_setup_component(hass, "automation", {"automation": automations})


def automation(name: str) -> dict[str, Any]:
    """Return what stands in `automations.yaml`."""
    return {
        "id": name,
        "alias": name,
        "triggers": [{"trigger": "state", "entity_id": sensor_of(name), "to": "on"}],
        "actions": [
            {
                "action": "media_player.play_media",
                "target": {"entity_id": f"{MEDIA_PLAYER}.{name}"},
                "data": {"media_content_id": FIXED_FILE, "media_content_type": "music"},
            }
        ],
    }


def add_bare_listeners(hass: HomeAssistant) -> None:
    """Do the least that reaches the player."""
    for number in range(DOORS):
        name = f"{LIMIT}_{number}"
        async_track_state_change_event(hass, sensor_of(name), bare_listener(hass, name))


def bare_listener(hass: HomeAssistant, name: str) -> Callable[[Event[EventStateChangedData]], None]:
    """Return a listener that calls the player of that name."""

    @callback
    def play(event: Event[EventStateChangedData]) -> None:
        if event.data["new_state"] is None or event.data["new_state"].state != "on":
            return
        data = {
            "entity_id": f"{MEDIA_PLAYER}.{name}",
            "media_content_id": FIXED_FILE,
            "media_content_type": "music",
        }
        hass.async_create_background_task(
            hass.services.async_call(MEDIA_PLAYER, "play_media", data, blocking=True), name
        )

    return play


async def add_doors(hass: HomeAssistant, quips: int) -> None:
    """Put GPPDE's doors on one persona whose stock, on disk, suffices."""
    settings: dict[str, Any] = {
        "description": "",
        "tone": Tone.NEUTRAL,
        "voice": "espeak",
        "target": 10,
        "low_water": 5,
        "when_empty": WhenEmpty.SILENT,
    }
    subentry = ConfigSubentry(
        data=MappingProxyType(settings), subentry_type="persona", title="Hinge", unique_id=None
    )
    persona = Persona.from_subentry(hass, subentry)
    await hass.async_add_executor_job(
        fill_stock, stocks_folder(hass) / subentry.subentry_id / "fresh", quips
    )
    await persona.stock.load()
    entry = make_entry()
    speaker = Speaker(hass, entry, QuipUrls(hass))
    for number in range(DOORS):
        name = f"{GPPDE}_{number}"
        Door(hass, entry, name, door_config(name), persona, speaker).start()


def fill_stock(folder: Path, quips: int) -> None:
    """Write as many quips as there will be openings."""
    folder.mkdir(parents=True)
    for number in range(quips):
        quip = make_quip(number)
        (folder / f"{quip.uuid}.json").write_text(json.dumps(quip.as_metadata()))
        (folder / f"{quip.uuid}.mp3").write_bytes(bytes.fromhex("fffb9004") + bytes(413))


def make_quip(number: int) -> Quip:
    """Return a line that is over at once, so that the player is soon free again."""
    return Quip(
        uuid=str(uuid4()),
        text=f"This is opening number {number}.",
        persona="Hinge",
        tone=Tone.NEUTRAL,
        duration=0.0,
        created=datetime.now(UTC),
    )


def make_entry() -> ConfigEntry[Any]:
    """Return an entry for the doors' tasks to belong to."""
    return ConfigEntry(
        data={},
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source=SOURCE_USER,
        subentries_data=(),
        title="Quipgen",
        unique_id=None,
        version=1,
    )


def door_config(name: str) -> DoorConfig:
    """Return a door that never keeps silent."""
    return DoorConfig(
        name=name,
        sensor=sensor_of(name),
        players=(f"{MEDIA_PLAYER}.{name}",),
        cool_down=0,
        quiet_hours=None,
        volume=None,
        speak_on=SpeakOn.OPENED,
    )


async def measure(hass: HomeAssistant, rounds: int) -> dict[str, list[float]]:
    """Return the microseconds from event to player of each opening, the contenders in turn."""
    players = await add_players(hass)
    await add_automations(hass)
    add_bare_listeners(hass)
    await add_doors(hass, (rounds + WARM_UP) * DOORS)
    taken: dict[str, list[float]] = {contender: [] for contender in CONTENDERS}
    for _ in range(rounds + WARM_UP):
        for number in range(DOORS):
            for contender in CONTENDERS:
                player = players[f"{contender}_{number}"]
                taken[contender].append(await open_door(hass, player))
        await asyncio.sleep(PAUSE + 0.1)
    return {contender: times[WARM_UP * DOORS :] for contender, times in taken.items()}


async def open_door(hass: HomeAssistant, player: StopwatchPlayer) -> float:
    """Open one door, and return how many microseconds later its player was called."""
    sensor = sensor_of(player.entity_id.partition(".")[2])
    player.called.clear()
    started = perf_counter_ns()
    hass.states.async_set(sensor, "on")
    async with asyncio.timeout(10):
        await player.called.wait()
    hass.states.async_set(sensor, "off")
    await asyncio.sleep(SETTLING_TIME)
    return (player.called_at - started) / 1000


def summarize(times: dict[str, list[float]]) -> dict[str, Row]:
    """Return median and tails in microseconds."""
    return {contender: tails(values) for contender, values in times.items()}


def tails(values: list[float]) -> Row:
    """Return median, p95 and p99."""
    percentiles = statistics.quantiles(values, n=100, method="inclusive")
    return {"median": percentiles[49], "p95": percentiles[94], "p99": percentiles[98]}


def ratios(rows: dict[str, Row]) -> dict[str, float]:
    """Return GPPDE's median as a part of the others'."""
    return {other: rows[GPPDE]["median"] / rows[other]["median"] for other in GOALS}


def print_table(rows: dict[str, Row], count: int) -> None:
    """Tell a person."""
    print(f"Sensor event to player call, {count} openings each, in microseconds")
    print(f"{'':<40}{'median':>9}{'p95':>9}{'p99':>9}")
    for contender, row in rows.items():
        print(f"{CONTENDERS[contender]:<40}" + "".join(f"{value:9.0f}" for value in row.values()))
    for other, ratio in ratios(rows).items():
        verdict = "reached" if ratio <= GOALS[other] else "missed"
        print(f"GPPDE / {other}: {ratio:.2f} (goal: at most {GOALS[other]}, {verdict})")


def as_json(rows: dict[str, Row], count: int) -> str:
    """Tell a program."""
    report = {
        "openings": count,
        "unit": "µs",
        "home_assistant": home_assistant_version,
        "python": platform.python_version(),
        "times": rows,
        "ratios": ratios(rows),
        "goals": GOALS,
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


async def run(openings: int) -> dict[str, list[float]]:
    """Measure in a Home Assistant of its own."""
    with tempfile.TemporaryDirectory() as folder:
        hass = await start_home_assistant(folder)
        try:
            return await measure(hass, -(-openings // DOORS))
        finally:
            await hass.async_stop(force=True)


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description="From sensor to player: GPPDE and others.")
    parser.add_argument("-n", type=int, default=500, help="openings for each (default: 500)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    times = asyncio.run(run(options.n))
    rows, count = summarize(times), len(times[GPPDE])
    print_table(rows, count)
    if options.json:
        options.json.write_text(as_json(rows, count))


if __name__ == "__main__":
    main()
