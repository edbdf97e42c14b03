"""What the dashboard card is told, and when."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator
from yarl import URL

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.personas.persona import stocks_folder

from ..aws.proxy import Proxy
from ..ec2_entries import make_ec2_entry
from ..helpers import (
    DOOR,
    PERSONA,
    SENSOR,
    RecordingPlayer,
    door,
    entity_id,
    make_entry,
    open_door,
    persona,
    press,
    put_on_disk,
    set_up,
)
from ..onlooker import Onlooker, Snapshot

NOTHING: Snapshot = {
    "entry": None,
    "source": None,
    "personas": [],
    "doors": [],
    "refill": None,
    "spent": None,
    "recent": [],
}


type Look = Callable[[], Awaitable[Onlooker]]


@pytest.fixture
def look(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Look:
    """Let somebody look at a dashboard."""

    async def look() -> Onlooker:
        assert await async_setup_component(hass, DOMAIN, {})
        client = await hass_ws_client(hass)
        await client.send_json_auto_id({"type": "gppde/subscribe"})
        answer = await client.receive_json()
        assert answer["success"]
        return Onlooker(client, answer["id"])

    return look


def device_id(hass: HomeAssistant, platform: str, key: str, owner: str) -> str | None:
    entity = er.async_get(hass).async_get(entity_id(hass, platform, key, owner))
    assert entity
    return entity.device_id


def has_fresh(count: int) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot["personas"][0]["fresh"] == count


async def test_who_looks_sees_everything_at_once(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    entry = await set_up(hass, make_entry(hass))
    snapshot = await (await look()).sees()
    assert snapshot == {
        "entry": entry.entry_id,
        "source": "server",
        "personas": [
            {
                "id": PERSONA,
                "device_id": device_id(hass, "sensor", "quip_stock", PERSONA),
                "name": "Hinge",
                "tone": "sunny",
                "fresh": 7,
                "stale": 0,
                "target": 10,
                "low_water": 5,
                "last": None,
            }
        ],
        "doors": [
            {
                "id": DOOR,
                "device_id": device_id(hass, "event", "quip", DOOR),
                "name": "Front door",
                "persona": PERSONA,
                "sensor": SENSOR,
                "talkative_entity": entity_id(hass, "switch", "talkative", DOOR),
                "say_entity": entity_id(hass, "button", "say_something", DOOR),
                "quip_entity": entity_id(hass, "event", "quip", DOOR),
            }
        ],
        "refill": {"state": "idle", "progress": None, "persona": None, "last_error": None},
        "spent": None,
        "recent": [],
    }


async def test_what_a_door_says_is_told_with_its_time_and_place(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *["Hello."] * 7)
    await set_up(hass, make_entry(hass))
    onlooker = await look()
    await onlooker.sees()
    await open_door(hass)
    snapshot = await onlooker.sees(has_fresh(6))
    [line] = snapshot["recent"]
    assert line["text"] == "Hello."
    assert (line["persona"], line["door"]) == (PERSONA, DOOR)
    age = datetime.now(UTC) - datetime.fromisoformat(line["said_at"])
    assert age.total_seconds() < 5
    assert snapshot["personas"][0]["last"] == line


async def test_the_last_ten_lines_are_remembered_over_a_reload_each_once(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(12)))
    entry = await set_up(hass, make_entry(hass, personas=[persona(low_water=0)]))
    for _ in range(13):
        await press(hass, "say_something", DOOR)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    recent = (await (await look()).sees())["recent"]
    heard = [URL(url).path.split("/")[-1].removesuffix(".mp3") for url in player.played]
    assert len(heard) == 13
    assert [line["uuid"] for line in recent] == list(dict.fromkeys(reversed(heard)))[:10]
    assert {line["door"] for line in recent} == {DOOR}
    times = [line["said_at"] for line in recent]
    assert times == sorted(times, reverse=True)


async def test_after_a_restart_the_files_tell_what_was_said_and_when(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    older, newer, lost = put_on_disk(hass, "Older.", "Newer.", "Lost.", heap="stale")
    folder = stocks_folder(hass) / PERSONA / "stale"
    for quip, time in (older, 1_000_000), (newer, 2_000_000), (lost, 3_000_000):
        os.utime(folder / f"{quip.uuid}.mp3", (time, time))
    entry = await set_up(hass, make_entry(hass))
    (folder / f"{lost.uuid}.mp3").unlink()
    await entry.runtime_data.personas[PERSONA].stock.rescan()
    snapshot = await (await look()).sees()
    assert [(line["text"], line["said_at"], line["door"]) for line in snapshot["recent"]] == [
        ("Newer.", "1970-01-24T03:33:20+00:00", None),
        ("Older.", "1970-01-12T13:46:40+00:00", None),
    ]


async def test_a_file_that_goes_while_we_start_is_no_recent_line(
    hass: HomeAssistant, player: RecordingPlayer, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    put_on_disk(hass, "Going.", heap="stale")
    monkeypatch.setattr("custom_components.gppde.quips.folder.StockFolder.heard_at", lambda *_: {})
    await set_up(hass, make_entry(hass))
    assert (await (await look()).sees())["recent"] == []


async def test_a_line_that_nobody_heard_is_not_told_as_said(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    await set_up(hass, make_entry(hass))
    player.refuses = True
    await open_door(hass)
    snapshot = await (await look()).sees()
    assert snapshot["recent"] == []
    assert snapshot["personas"][0]["fresh"] == 7


async def test_many_changes_make_few_snapshots_and_no_change_makes_none(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(20)))
    await set_up(hass, make_entry(hass))
    onlooker = await look()
    await onlooker.sees()
    counting = asyncio.ensure_future(onlooker.counts(1.2))
    for _ in range(10):
        await press(hass, "say_something", DOOR)
        await asyncio.sleep(0.05)
    assert 1 <= await counting <= 3
    while await onlooker.counts(0.8):
        pass
    er.async_get(hass).async_update_entity(
        entity_id(hass, "button", "refill", PERSONA), icon="mdi:door"
    )
    assert await onlooker.counts(0.8) == 0


async def test_a_snapshot_is_never_taken_in_the_turn_in_which_a_door_speaks(
    hass: HomeAssistant, player: RecordingPlayer, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    entry = await set_up(hass, make_entry(hass))
    await (await look()).sees()
    taken: list[None] = []
    monkeypatch.setattr(
        "custom_components.gppde.dashboard.watch.take_snapshot", lambda *_: taken.append(None)
    )
    entry.runtime_data.doors[DOOR].say()
    assert not taken


async def test_who_looks_sees_a_reload_and_a_pause_pass(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    entry = await set_up(hass, make_entry(hass))
    onlooker = await look()
    await onlooker.sees()

    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert await onlooker.sees() == NOTHING
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await onlooker.sees(lambda snapshot: snapshot["entry"] is not None)
    await open_door(hass)
    await onlooker.sees(has_fresh(6))


async def test_where_nothing_is_set_up_that_is_what_is_told(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    onlooker = await look()
    assert await onlooker.sees() == NOTHING
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    await set_up(hass, make_entry(hass, doors=[]))
    snapshot = await onlooker.sees(lambda snapshot: snapshot["entry"] is not None)
    assert snapshot["doors"] == []


async def test_what_is_renamed_is_shown_by_its_new_name(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    await set_up(hass, make_entry(hass))
    onlooker = await look()
    await onlooker.sees()
    device = device_id(hass, "event", "quip", DOOR)
    assert device
    dr.async_get(hass).async_update_device(device, name_by_user="Portal")
    await onlooker.sees(lambda snapshot: snapshot["doors"][0]["name"] == "Portal")
    button = entity_id(hass, "button", "say_something", DOOR)
    er.async_get(hass).async_update_entity(button, new_entity_id="button.speak")
    await onlooker.sees(lambda snapshot: snapshot["doors"][0]["say_entity"] == "button.speak")


async def test_who_looks_away_is_told_nothing_more(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    await set_up(hass, make_entry(hass))
    onlooker = await look()
    await onlooker.sees()
    await press(hass, "say_something", DOOR)
    await onlooker.leaves()
    await press(hass, "say_something", DOOR)
    assert await onlooker.counts(0.8) == 0


async def test_several_who_look_are_told_the_same_and_one_who_leaves_takes_it_from_nobody(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    early, other = await look(), await look()
    await press(hass, "say_something", DOOR)
    assert await early.sees(has_fresh(8)) == await other.sees(has_fresh(8))
    await press(hass, "say_something", DOOR)
    late = await look()
    assert await late.sees() == await early.sees(has_fresh(7))
    await early.leaves()
    await press(hass, "say_something", DOOR)
    assert await other.sees(has_fresh(6)) == await late.sees(has_fresh(6))


async def test_a_failed_refill_is_told_with_its_reason(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, "The only one.")
    await set_up(hass, make_entry(hass))
    onlooker = await look()
    snapshot = await onlooker.sees(lambda snapshot: snapshot["refill"]["state"] == "waiting")
    assert snapshot["refill"]["last_error"]


async def test_what_instances_cost_is_told_with_the_budget(
    hass: HomeAssistant, player: RecordingPlayer, look: Look, aws: Proxy
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_ec2_entry(hass))
    snapshot = await (await look()).sees()
    assert snapshot["source"] == "ec2"
    assert snapshot["spent"] == {"dollars": 0.0, "budget": 5.0}


async def test_each_door_is_told_with_its_own_persona(
    hass: HomeAssistant, player: RecordingPlayer, look: Look
) -> None:
    put_on_disk(hass, "Hello.", persona="persona-2")
    personas = [persona(low_water=0), persona("persona-2", "Latch", low_water=0)]
    back = door("door-2", "Back door", sensor="binary_sensor.back_door", persona="persona-2")
    await set_up(hass, make_entry(hass, doors=[door(), back], personas=personas))
    await open_door(hass, "binary_sensor.back_door")
    snapshot = await (await look()).sees()
    assert [each["persona"] for each in snapshot["doors"]] == [PERSONA, "persona-2"]
    assert [line["door"] for line in snapshot["recent"]] == ["door-2"]
    assert [each["last"] is None for each in snapshot["personas"]] == [True, False]
