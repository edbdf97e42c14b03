"""What GPPDE adds to the start of Home Assistant: imports, set-up, and memory, at several sizes.

All times are of the processor, so that others on the machine matter little.

python -m tests.bench.start [--json FILE]
"""

import argparse
import asyncio
import gc
import json
import logging
import platform
import statistics
import subprocess
import sys
import tempfile
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from compileall import compile_dir
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import process_time
from types import MappingProxyType
from typing import Any

from homeassistant.components.button import ButtonEntity
from homeassistant.components.event import EventEntity
from homeassistant.components.sensor import SensorEntity
from homeassistant.components.switch import SwitchEntity
from homeassistant.config_entries import SOURCE_USER, ConfigEntry, ConfigSubentryDataWithId
from homeassistant.const import __version__ as home_assistant_version
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_component import DATA_INSTANCES
from homeassistant.setup import async_setup_component

import custom_components.gppde
from custom_components.gppde.const import DOMAIN, SpeakOn, Tone, WhenEmpty
from custom_components.gppde.personas.persona import stocks_folder

from .door import start_home_assistant
from .stock import fill

PACKAGE = Path(custom_components.gppde.__file__).parent
RUNS = 5
PERSONAS = 10
DEPENDENCIES = ("http", "file_upload", "media_source", "media_player")
USUAL = ("conversation", "tts")
"""Of what the default configuration loads, all that we look into where it is."""
PLATFORMS = ("binary_sensor", "button", "event", "sensor", "switch")
OTHERS = ("config_flow", "diagnostics", "media_source", "repairs", "system_health", "backup")


@dataclass(frozen=True)
class Home:
    """How much there is of everything; the quips are spread over PERSONAS at most, and the doors
    over the players.
    """

    doors: int
    quips: int
    players: int = 1

    @property
    def personas(self) -> int:
        return min(PERSONAS, self.doors)


HOMES = (Home(1, 12), Home(10, 1_000), Home(1_000, 10_000))


type Job = Callable[[HomeAssistant, Home], Awaitable[None]]


@dataclass(frozen=True)
class Row:
    """Seconds and MB, of GPPDE and of as many entities that do nothing; `flap` are the seconds that
    it takes us to tell of all sensors that they went, and that they came back.
    """

    doors: int
    quips: int
    entities: int
    set_up: float
    memory: float
    bare_set_up: float
    bare_memory: float
    flap: float


def import_times() -> tuple[float, float]:
    """Return the seconds that Home Assistant's own modules take, and what ours take after them.

    All are compiled, as they are from the second start on.
    """
    compile_dir(PACKAGE, quiet=1)
    theirs = [f"homeassistant.components.{name}" for name in (*DEPENDENCIES, *USUAL, *PLATFORMS)]
    ours = [f"custom_components.{DOMAIN}", *(f"custom_components.{DOMAIN}.{m}" for m in OTHERS)]
    ours += [f"custom_components.{DOMAIN}.{name}" for name in PLATFORMS]
    code = f"""
from importlib import import_module
from time import process_time
started = process_time()
import homeassistant.bootstrap
for name in {theirs}: import_module(name)
between = process_time()
for name in {ours}: import_module(name)
print(between - started, process_time() - between)
"""
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
        for _ in range(RUNS)
    ]
    them, us = zip(*(map(float, run.split()) for run in runs), strict=True)
    return statistics.median(them), statistics.median(us)


def make_entry(home: Home) -> ConfigEntry[Any]:
    """Return an entry of that size, whose server nobody will ask."""
    return ConfigEntry(
        data={"source": "server", "url": "http://127.0.0.1:9", "token": "none"},
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source=SOURCE_USER,
        subentries_data=tuple(subentries(home)),
        title="Quipgen",
        unique_id=None,
        version=1,
    )


def subentries(home: Home) -> Iterator[ConfigSubentryDataWithId]:
    """Yield the personas, then the doors."""
    for number in range(home.personas):
        yield subentry("persona", number, persona_settings())
    for number in range(home.doors):
        yield subentry("door", number, door_settings(number, home))


def subentry(kind: str, number: int, settings: dict[str, Any]) -> ConfigSubentryDataWithId:
    """Return what the flow would have stored."""
    return ConfigSubentryDataWithId(
        data=settings,
        subentry_id=f"{kind}-{number}",
        subentry_type=kind,
        title=f"{kind.title()} {number}",
        unique_id=None,
    )


def persona_settings() -> dict[str, Any]:
    """Return a persona that is in no want of quips."""
    return {
        "description": "",
        "tone": Tone.NEUTRAL,
        "voice": "",
        "target": 1,
        "low_water": 0,
        "when_empty": WhenEmpty.REPEAT,
    }


def door_settings(number: int, home: Home) -> dict[str, Any]:
    """Return a door with a sensor of its own."""
    return {
        "sensor": f"binary_sensor.door_{number}",
        "players": [f"media_player.player_{number % home.players}"],
        "persona": f"persona-{number % home.personas}",
        "cool_down": 10,
        "speak_on": SpeakOn.OPENED,
    }


class BareSensor(SensorEntity):
    """Shows nothing."""


class BareButton(ButtonEntity):
    """Does nothing."""


class BareSwitch(SwitchEntity):
    """Switches nothing."""


class BareEvent(EventEntity):
    """Tells nothing."""

    _attr_event_types = ["nothing"]  # noqa: RUF012


BARE: dict[str, Callable[[], Entity]] = {
    "sensor": BareSensor,
    "button": BareButton,
    "switch": BareSwitch,
    "event": BareEvent,
}


@asynccontextmanager
async def house(home: Home) -> AsyncIterator[HomeAssistant]:
    """Run a core in which all is there but us, the stocks on disk included."""
    with tempfile.TemporaryDirectory() as folder:
        hass = await start_home_assistant(folder)
        for domain in (*DEPENDENCIES, *PLATFORMS):
            assert await async_setup_component(hass, domain, {})
        for number in range(home.doors):
            hass.states.async_set(f"binary_sensor.door_{number}", "off")
        for number in range(home.players):
            hass.states.async_set(f"media_player.player_{number}", "idle")
        for number in range(home.personas):
            fill(stocks_folder(hass) / f"persona-{number}", home.quips // home.personas)
        await hass.async_block_till_done()
        try:
            yield hass
        finally:
            await hass.async_stop(force=True)


async def set_up(hass: HomeAssistant, home: Home) -> None:
    """Set our entry up, as at a start."""
    await hass.config_entries.async_add(make_entry(home))
    await hass.async_block_till_done()


async def set_up_bare(hass: HomeAssistant, home: Home) -> None:
    """Add as many entities that do nothing, by the same names."""
    for domain, count in entities_of(home).items():
        entities = [BARE[domain]() for _ in range(count)]
        for number, entity in enumerate(entities):
            entity._attr_should_poll = False
            entity._attr_unique_id = f"bare-{number}"
            entity._attr_name = f"Bare {number}"
        await hass.data[DATA_INSTANCES][domain].async_add_entities(entities)
    await hass.async_block_till_done()


def entities_of(home: Home) -> dict[str, int]:
    """Return how many entities of which kind we make."""
    return {
        "sensor": 2 + 2 * home.personas,
        "button": home.personas + home.doors,
        "switch": home.doors,
        "event": home.doors,
    }


async def flap(hass: HomeAssistant, home: Home) -> None:
    """Let all sensors go and come back, as when what they belong to is reloaded."""
    for state in None, "off":
        for number in range(home.doors):
            if state is None:
                hass.states.async_remove(f"binary_sensor.door_{number}")
            else:
                hass.states.async_set(f"binary_sensor.door_{number}", state)
        await hass.async_block_till_done()


async def seconds(home: Home, job: Job, first: Job | None = None) -> float:
    """Return the processor's time for a job, its threads included, once another one was done."""
    async with house(home) as hass:
        if first is not None:
            await first(hass, home)
        started = process_time()
        await job(hass, home)
        return process_time() - started


async def memory(home: Home, job: Job) -> float:
    """Return the megabytes that are held after a job."""
    async with house(home) as hass:
        gc.collect()
        tracemalloc.start()
        await job(hass, home)
        gc.collect()
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return held / 1e6


async def measure(home: Home) -> Row:
    """Measure one size."""
    return Row(
        doors=home.doors,
        quips=home.quips,
        entities=sum(entities_of(home).values()),
        set_up=await seconds(home, set_up),
        memory=await memory(home, set_up),
        bare_set_up=await seconds(home, set_up_bare),
        bare_memory=await memory(home, set_up_bare),
        flap=await seconds(home, flap, set_up),
    )


def print_imports(theirs: float, ours: float) -> None:
    """Tell a person."""
    print(f"Imports, in seconds of the processor (median of {RUNS})")
    print(f"{'Home Assistant, and what we build on':<40}{theirs:8.3f}")
    print(f"{'GPPDE':<40}{ours:8.3f}")
    print(f"GPPDE / Home Assistant: {ours / theirs:.3f}\n")


def print_rows(rows: list[Row]) -> None:
    """Tell a person."""
    print("Set-up, in seconds of the processor and MB; bare: as many entities that do nothing;")
    print("flap: all sensors go and come back")
    print(
        f"{'doors':>7}{'quips':>8}{'entities':>10}{'set-up':>9}{'bare':>9}{'MB':>9}{'bare':>9}{'flap':>9}"
    )
    for row in rows:
        print(
            f"{row.doors:>7,}{row.quips:>8,}{row.entities:>10,}{row.set_up:>9.3f}"
            f"{row.bare_set_up:>9.3f}{row.memory:>9.1f}{row.bare_memory:>9.1f}{row.flap:>9.3f}"
        )


def main() -> None:
    """Measure and report."""
    logging.disable(logging.WARNING)  # several Home Assistants in one process are a novelty to it
    parser = argparse.ArgumentParser(description="What GPPDE adds to Home Assistant's start.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    theirs, ours = import_times()
    print_imports(theirs, ours)
    asyncio.run(seconds(HOMES[0], set_up))  # whatever is imported and cached but once
    rows = [asyncio.run(measure(home)) for home in HOMES]
    print_rows(rows)
    if options.json:
        report = {
            "home_assistant": home_assistant_version,
            "python": platform.python_version(),
            "imports": {"home_assistant": theirs, "gppde": ours},
            "rows": [asdict(row) for row in rows],
        }
        options.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
