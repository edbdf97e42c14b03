"""A person mends a door, a persona, a budget or a disk from Home Assistant's repairs."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from custom_components.gppde.issues import raise_issue
from custom_components.gppde.personas.persona import stocks_folder

from ..aws.proxy import Proxy
from ..ec2_entries import make_ec2_entry
from ..helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    SENSOR,
    RecordingPlayer,
    door,
    find_issue,
    make_entry,
    open_door,
    persona,
    put_on_disk,
    set_up,
    state_of,
)
from ..quipgen_double import Quipgen
from ..repairing import OPTIONS_FLOW, SUBENTRY_FLOW, Person, suggested

NO_PERSONA = f"door_without_persona_{DOOR}"


@pytest.mark.parametrize(
    ("broken", "issue_id", "mended"),
    [
        pytest.param({"persona": "gone"}, NO_PERSONA, {"persona": PERSONA}, id="persona"),
        pytest.param(
            {"players": ["media_player.gone"]},
            f"door_without_player_{DOOR}",
            {"players": [PLAYER]},
            id="player",
        ),
        pytest.param(
            {"sensor": "binary_sensor.gone"},
            f"door_without_sensor_{DOOR}",
            {"sensor": SENSOR},
            id="sensor",
        ),
    ],
)
async def test_what_a_door_lacks_is_chosen_in_the_form_that_its_repair_opens(
    hass: HomeAssistant,
    player: RecordingPlayer,
    person: Person,
    broken: dict[str, Any],
    issue_id: str,
    mended: dict[str, Any],
) -> None:
    put_on_disk(hass, "Whole again.")
    hass.states.async_set(SENSOR, "off")
    entry = make_entry(hass, doors=[door(**broken)])
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()

    last = await person.submits(await person.opens(issue_id))
    assert (last["type"], last["reason"]) == ("abort", "opened")
    assert last["result"]["entry_id"] == entry.entry_id
    assert find_issue(hass, issue_id), "nothing is mended yet"
    form = await person.goes_on(SUBENTRY_FLOW, last)
    done = await person.fills_in(SUBENTRY_FLOW, form, suggested(form) | mended)

    assert done["reason"] == "reconfigure_successful"
    assert not find_issue(hass, issue_id)
    await open_door(hass)
    assert len(player.played) == 1


async def test_without_any_persona_the_repair_of_a_door_says_so(
    hass: HomeAssistant, player: RecordingPlayer, person: Person
) -> None:
    await set_up(hass, make_entry(hass, personas=[]))
    last = await person.submits(await person.opens(NO_PERSONA))
    assert last["reason"] == "no_persona"


async def test_a_door_that_goes_while_its_repair_is_open_is_told(
    hass: HomeAssistant, player: RecordingPlayer, person: Person
) -> None:
    entry = await set_up(hass, make_entry(hass, doors=[door(persona="gone")]))
    form = await person.opens(NO_PERSONA)
    hass.config_entries.async_remove_subentry(entry, DOOR)
    await hass.async_block_till_done()
    assert (await person.submits(form))["reason"] == "gone"


@pytest.mark.parametrize("key", ["clip_missing", "clip_refused", "no_cloning_voice"])
async def test_a_clip_is_removed_in_the_form_that_its_repair_opens(
    hass: HomeAssistant, player: RecordingPlayer, person: Person, key: Any
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_entry(hass, personas=[persona(clip="gone.wav")]))
    raise_issue(hass, key, about=PERSONA, persona="Hinge", error="No.")

    last = await person.submits(await person.opens(f"{key}_{PERSONA}"))
    form = await person.goes_on(SUBENTRY_FLOW, last)
    await person.fills_in(SUBENTRY_FLOW, form, suggested(form) | {"remove_clip": True})

    assert "clip" not in entry.subentries[PERSONA].data
    assert not find_issue(hass, f"{key}_{PERSONA}")


async def test_a_spent_budget_is_raised_in_the_options(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, person: Person
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_ec2_entry(hass))
    raise_issue(hass, "budget_spent", persona="Hinge", error="5 of 5 dollars are spent.")

    last = await person.submits(await person.opens("budget_spent"))
    form = await person.goes_on(OPTIONS_FLOW, last)
    await person.fills_in(OPTIONS_FLOW, form, suggested(form) | {"budget": 9})

    assert entry.options["budget"] == 9
    assert not find_issue(hass, "budget_spent")


async def test_where_there_is_no_budget_any_more_its_repair_says_so(
    hass: HomeAssistant, player: RecordingPlayer, person: Person
) -> None:
    entry = make_entry(hass)
    hass.config_entries.async_update_entry(entry, data={"source": "starter"})
    await set_up(hass, entry)
    raise_issue(hass, "budget_spent", persona="Hinge", error="5 of 5 dollars are spent.")
    last = await person.submits(await person.opens("budget_spent"))
    assert last["reason"] == "not_loaded"


async def test_once_there_is_room_new_quips_are_made(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen, person: Person
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(6)))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    raise_issue(hass, "disk_full", about=PERSONA, persona="Hinge", folder="/config/gppde")
    done = await person.submits(await person.opens(f"disk_full_{PERSONA}"))
    assert done["type"] == "create_entry"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert not find_issue(hass, f"disk_full_{PERSONA}")


@pytest.mark.parametrize("is_mended", [True, False])
async def test_a_folder_is_looked_at_again(
    hass: HomeAssistant, player: RecordingPlayer, person: Person, is_mended: bool
) -> None:
    in_the_way = stocks_folder(hass)
    in_the_way.write_text("a file where the folder belongs")
    await set_up(hass, make_entry(hass))
    form = await person.opens(f"stock_unwritable_{PERSONA}")
    if is_mended:
        in_the_way.unlink()
    assert (await person.submits(form))["type"] == "create_entry"
    assert bool(find_issue(hass, f"stock_unwritable_{PERSONA}")) is not is_mended


async def test_a_sound_mp3_in_place_of_a_rotten_one_is_found_by_looking_again(
    hass: HomeAssistant, player: RecordingPlayer, person: Person
) -> None:
    put_on_disk(hass, "A sound one.")
    fresh = stocks_folder(hass) / PERSONA / "fresh"
    (fresh / "rotten.mp3").write_bytes(b"no sound at all")
    await set_up(hass, make_entry(hass))
    form = await person.opens(f"unreadable_quips_{PERSONA}")
    put_on_disk(hass, "Another sound one.")
    assert (await person.submits(form))["type"] == "create_entry"
    await hass.async_block_till_done()
    assert not find_issue(hass, f"unreadable_quips_{PERSONA}")
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "2"


@pytest.mark.parametrize("is_open", [False, True])
async def test_nothing_is_looked_at_while_gppde_is_not_running(
    hass: HomeAssistant, player: RecordingPlayer, person: Person, is_open: bool
) -> None:
    stocks_folder(hass).write_text("a file where the folder belongs")
    entry = await set_up(hass, make_entry(hass))
    issue_id = f"stock_unwritable_{PERSONA}"
    form = await person.opens(issue_id) if is_open else {}
    await hass.config_entries.async_unload(entry.entry_id)
    answer = await (person.submits(form) if is_open else person.opens(issue_id))
    assert answer["reason"] == "not_loaded"
