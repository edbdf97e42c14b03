"""The blueprints: imported by their addresses, filled in, and seen to do what they say."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from pytest_homeassistant_custom_component.test_util.aiohttp import AiohttpClientMocker
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .automating import ask, automate, tell
from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    device_id,
    entity_id,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
    until,
)
from .quipgen_double import Quipgen

FOLDER = Path(__file__).parents[2] / "blueprints" / "automation" / "gppde"
FILES = sorted(FOLDER.glob("*.yaml"))
ADDRESS = "https://github.com/gppde/gppde/blob/main/blueprints/automation/gppde"
RAW = "https://raw.githubusercontent.com/gppde/gppde/main/blueprints/automation/gppde"
ARTHUR = "person.arthur"
MOTION = "binary_sensor.motion"
CALENDAR = "calendar.naps"


async def use(hass: HomeAssistant, blueprint: str, **inputs: Any) -> list[dict[str, Any]]:
    """Make an automation of a blueprint, as the editor does."""
    target = Path(hass.config.path("blueprints", "automation", "gppde"))
    await hass.async_add_executor_job(shutil.copytree, FOLDER, target)
    return await automate(hass, use_blueprint={"path": f"gppde/{blueprint}.yaml", "input": inputs})


async def moves(hass: HomeAssistant, entity: str, *states: str, **attributes: Any) -> None:
    for state in states:
        hass.states.async_set(entity, state, attributes)
        await hass.async_block_till_done(wait_background_tasks=True)


async def comes_home(hass: HomeAssistant) -> None:
    await moves(hass, ARTHUR, "not_home", "home", friendly_name="Arthur")


async def hushed(hass: HomeAssistant) -> None:
    target = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    await hass.services.async_call("switch", "turn_off", target, blocking=True)


def said(hass: HomeAssistant) -> str | None:
    """Return the door's last line."""
    text: str | None = state_of(hass, "event", "quip", DOOR).attributes.get("text")
    return text


def at(freezer: FrozenDateTimeFactory, clock: str) -> None:
    """Let it be this time today, where the home is."""
    time = datetime.strptime(f"2026-11-21 {clock}", "%Y-%m-%d %H:%M")  # noqa: DTZ007
    freezer.move_to(time.replace(tzinfo=dt_util.get_default_time_zone()))


@pytest.fixture
async def home(hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen) -> dict[str, str]:
    """Set a door up with five lines, two of them for Arthur; return the inputs that name it."""
    put_on_disk(hass, "One.", "Two.", "Three.")
    put_on_disk(hass, "Arthur, at last.", heap="stale")
    put_on_disk(hass, "Welcome, arthur.")
    await set_up(hass, make_entry(hass, personas=[persona(low_water=1)], url=quipgen.url))
    return {"door": device_id(hass, DOOR), "persona": device_id(hass, PERSONA)}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
async def test_a_blueprint_can_be_imported_by_its_address(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    aioclient_mock: AiohttpClientMocker,
    file: Path,
) -> None:
    assert await async_setup_component(hass, "automation", {})
    text = await hass.async_add_executor_job(file.read_text)
    aioclient_mock.get(f"{RAW}/{file.name}", text=text)  # type: ignore[no-untyped-call]
    message = {"type": "blueprint/import", "url": f"{ADDRESS}/{file.name}"}
    answer = await ask(hass_ws_client, message)
    assert answer["validation_errors"] is None
    assert answer["suggested_filename"] == f"gppde/{file.stem}"
    assert answer["blueprint"]["metadata"]["domain"] == "automation"


def test_there_are_five_and_each_says_what_it_wants() -> None:
    assert len(FILES) == 5
    for file in FILES:
        blueprint = load_yaml_dict(str(file))["blueprint"]
        assert blueprint["source_url"] == f"{ADDRESS}/{file.name}"
        for field in blueprint["input"].values():
            assert field["name"]
            assert field["description"]
            assert len(field["selector"]) == 1


async def test_somebody_is_welcomed_by_name_with_a_new_line_first(
    hass: HomeAssistant, home: dict[str, str]
) -> None:
    await use(hass, "welcome_by_name", people=[ARTHUR], **home)
    await comes_home(hass)
    assert said(hass) == "Welcome, arthur."
    heard = set()
    for _ in range(20):
        await comes_home(hass)
        heard.add(said(hass))
    assert heard == {"Welcome, arthur.", "Arthur, at last."}


async def test_somebody_without_a_line_of_their_own_is_welcomed_too(
    hass: HomeAssistant, home: dict[str, str]
) -> None:
    await use(hass, "welcome_by_name", people=["person.ford"], **home)
    await moves(hass, "person.ford", "not_home", "home", friendly_name="Ford")
    assert said(hass) is not None


async def test_nobody_is_welcomed_by_a_door_that_is_not_to_talk_or_after_a_restart(
    hass: HomeAssistant, home: dict[str, str], player: RecordingPlayer
) -> None:
    await use(hass, "welcome_by_name", people=[ARTHUR], **home)
    await moves(hass, ARTHUR, "unknown", "home")
    assert player.played == []
    await hushed(hass)
    await comes_home(hass)
    assert player.played == []


async def test_whoever_comes_home_late_hears_a_remark(
    hass: HomeAssistant,
    home: dict[str, str],
    player: RecordingPlayer,
    freezer: FrozenDateTimeFactory,
) -> None:
    runs = await use(
        hass,
        "someone_home_late",
        people=[ARTHUR],
        door=home["door"],
        actions=[tell(said="{{ said.said[0].text }}")],
    )
    at(freezer, "21:00")
    await comes_home(hass)
    assert player.played == []
    for number, clock in enumerate(("23:30", "02:00"), start=1):
        at(freezer, clock)
        await comes_home(hass)
        assert len(player.played) == len(runs) == number
        assert runs[-1]["said"] == said(hass)
    at(freezer, "05:30")
    await comes_home(hass)
    assert len(player.played) == 2


@pytest.mark.parametrize(
    ("bell", "rings"),
    [
        ("event.bell", ["2026-11-21T10:00:00.000+00:00", "2026-11-21T10:00:05.000+00:00"]),
        ("binary_sensor.bell", ["on", "off", "on"]),
    ],
)
async def test_whoever_rings_is_talked_to_once_in_a_while(
    hass: HomeAssistant,
    home: dict[str, str],
    player: RecordingPlayer,
    bell: str,
    rings: list[str],
) -> None:
    await moves(hass, bell, "unknown" if bell.startswith("event") else "off")
    await use(hass, "doorbell", bell=[bell], door=home["door"], pause=0.05)
    hass.states.async_set(bell, rings[0])
    hass.states.async_set(bell, rings[1])
    hass.states.async_set(bell, rings[-1])
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(player.played) == 1
    await moves(hass, bell, "unavailable", "unknown", "off")
    assert len(player.played) == 1
    await moves(hass, bell, rings[0])
    assert len(player.played) == 2


async def test_a_morning_begins_once(
    hass: HomeAssistant,
    home: dict[str, str],
    player: RecordingPlayer,
    freezer: FrozenDateTimeFactory,
) -> None:
    at(freezer, "05:00")
    await use(hass, "morning", sensors=[MOTION], **home)
    for clock, times in (("05:30", 0), ("06:30", 1), ("06:40", 1), ("10:30", 1)):
        at(freezer, clock)
        await moves(hass, MOTION, "off", "on")
        assert len(player.played) == times, clock
    freezer.move_to(dt_util.now().replace(day=22, hour=7))
    await moves(hass, MOTION, "off", "on")
    assert len(player.played) == 2


async def test_a_morning_fills_up_a_stock_that_is_low(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *"ABCDEF")
    await set_up(hass, make_entry(hass, url=quipgen.url))
    await hass.services.async_call("gppde", "stop_refill", blocking=True)
    persona_, door_ = device_id(hass, PERSONA), device_id(hass, DOOR)
    all_day = {"begin": "00:00:00", "end": "23:59:59"}
    await use(hass, "morning", sensors=[MOTION], door=door_, persona=persona_, **all_day)
    await moves(hass, MOTION, "off", "on")
    await until(lambda: state_of(hass, "sensor", "quip_stock", PERSONA).state == "10")


async def test_doors_are_quiet_while_the_calendar_says_so(
    hass: HomeAssistant, home: dict[str, str]
) -> None:
    switch = entity_id(hass, "switch", "talkative", DOOR)
    await use(hass, "quiet_on_calendar", calendar=CALENDAR, doors=[switch], word="nap")
    for state, message, talks in (
        ("off", None, "on"),
        ("on", "A Nap", "off"),
        ("on", "A party", "on"),
        ("on", "Nap again", "off"),
        ("unavailable", None, "off"),
        ("off", None, "on"),
    ):
        await moves(hass, CALENDAR, state, message=message)
        assert hass.states.is_state(switch, talks), message


async def test_an_event_that_began_while_home_assistant_was_off_counts(
    hass: HomeAssistant, home: dict[str, str]
) -> None:
    switch = entity_id(hass, "switch", "talkative", DOOR)
    hass.set_state(CoreState.not_running)
    await moves(hass, CALENDAR, "on", message="A Nap")
    await use(hass, "quiet_on_calendar", calendar=CALENDAR, doors=[switch])
    await hass.async_start()
    await hass.async_block_till_done()
    assert hass.states.is_state(switch, "off")
