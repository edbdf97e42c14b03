"""A person adds a door, and changes one."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData
from pytest_homeassistant_custom_component.common import MockConfigEntry

from tests.gppde.helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    SENSOR,
    RecordingPlayer,
    door,
    make_entry,
    open_door,
    persona,
    put_on_disk,
    set_up,
)

from .forms import Result, prefilled, read, start_subentry, submit

BACK_DOOR = {"sensor": "binary_sensor.back_door", "players": [PLAYER], "hear": False}


async def show_new(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    return await start_subentry(hass, entry, "door")


async def show_changed(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    return read(await entry.start_subentry_reconfigure_flow(hass, DOOR))


def with_manners(form: dict[str, Any], **manners: Any) -> dict[str, Any]:
    return form | {"manners": form["manners"] | manners}


async def test_a_sensor_and_a_speaker_are_enough_for_a_door(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Welcome {n}." for n in range(9)))
    hass.states.async_set(SENSOR, "off", {"friendly_name": "Front door"})
    entry = await set_up(hass, make_entry(hass, doors=[]))
    form = await show_new(hass, entry)

    chosen = {"sensor": SENSOR, "players": [PLAYER], "hear": False}
    result = await submit(hass, form, prefilled(form) | chosen)

    assert result["type"] is FlowResultType.CREATE_ENTRY
    [added] = entry.get_subentries_of_type("door")
    assert (added.title, added.unique_id) == ("Front door", SENSOR)
    assert dict(added.data) == {
        "sensor": SENSOR,
        "players": [PLAYER],
        "persona": PERSONA,
        "speak_on": "opened",
        "cool_down": 10,
    }
    await open_door(hass)
    assert len(player.played) == 1


async def test_a_door_with_all_its_manners_is_kept_as_the_door_reads_it(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    personas = [persona(), persona("persona-2", "Latch")]
    entry = await set_up(hass, make_entry(hass, personas=personas, doors=[]))
    form = await show_new(hass, entry)
    filled = prefilled(form) | BACK_DOOR | {"persona": "persona-2"}
    filled["players"] = ["assist_satellite.hall", PLAYER, "assist_satellite.hall"]
    manners = {"speak_on": "both", "cool_down": 90.0, "volume": 35.0}
    hours = {"quiet_from": "22:00:00", "quiet_until": "7:30"}

    result = await submit(hass, form, with_manners(filled, **manners, **hours))

    assert result["title"] == "binary_sensor.back_door"
    assert result["data"] == {
        "sensor": "binary_sensor.back_door",
        "players": ["assist_satellite.hall", PLAYER],
        "persona": "persona-2",
        "speak_on": "both",
        "cool_down": 90,
        "quiet_from": "22:00:00",
        "quiet_until": "07:30:00",
        "volume": 0.35,
    }
    assert [it.name for it in entry.runtime_data.doors.values()] == ["binary_sensor.back_door"]


@pytest.mark.parametrize(
    ("wrong", "manners", "errors"),
    [
        ({"sensor": SENSOR}, {}, {"sensor": "already_configured"}),
        ({"sensor": ""}, {}, {"sensor": "no_sensor"}),
        ({"players": []}, {}, {"players": "no_player"}),
        ({}, {"quiet_from": "22:00:00"}, {"manners": "quiet_hours_incomplete"}),
        ({}, {"quiet_until": "07:00:00"}, {"manners": "quiet_hours_incomplete"}),
        (
            {},
            {"quiet_from": "07:00:00", "quiet_until": "07:00"},
            {"manners": "quiet_hours_equal"},
        ),
    ],
)
async def test_what_makes_no_sense_is_told_and_can_be_mended(
    hass: HomeAssistant, wrong: dict[str, Any], manners: dict[str, Any], errors: dict[str, str]
) -> None:
    entry = make_entry(hass)
    form = await show_new(hass, entry)
    right = prefilled(form) | BACK_DOOR

    form = await submit(hass, form, with_manners(right | wrong, **manners))
    assert form["errors"] == errors
    assert prefilled(form) == with_manners(right | wrong, **manners)
    section = form["data_schema"].schema["manners"]
    assert section.options["collapsed"] is ("manners" not in errors)

    result = await submit(hass, form, right)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    "impossible",
    [
        {"sensor": "light.hall"},
        {"players": ["light.hall"]},
        {"persona": "nobody"},
        {"manners": {"volume": 101}},
        {"manners": {"cool_down": 3601}},
        {"manners": {"quiet_from": "late"}},
        {"manners": {"speak_on": "sight"}},
    ],
)
async def test_what_the_form_does_not_offer_is_refused(
    hass: HomeAssistant, impossible: dict[str, Any]
) -> None:
    form = await show_new(hass, make_entry(hass))
    with pytest.raises(InvalidData):
        await submit(hass, form, prefilled(form) | BACK_DOOR | impossible)


async def test_without_a_persona_a_person_is_told_to_add_one(hass: HomeAssistant) -> None:
    entry = make_entry(hass, personas=[])
    for result in (await show_new(hass, entry), await show_changed(hass, entry)):
        assert result["type"] is FlowResultType.ABORT
        assert result["reason"] == "no_persona"


async def test_a_door_left_as_it_is_stays_the_same(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    manners: dict[str, Any] = {"volume": 0.29, "quiet_from": "22:00:00", "quiet_until": "07:00:00"}
    doors = [door(**manners), door("door-2", sensor="binary_sensor.back_door")]
    entry = await set_up(hass, make_entry(hass, doors=doors))
    before = entry.subentries[DOOR].as_dict()
    form = await show_changed(hass, entry)

    result = await submit(hass, form, prefilled(form))

    assert result["reason"] == "reconfigure_successful"
    assert entry.subentries[DOOR].as_dict() == before


async def test_what_is_optional_can_be_cleared(hass: HomeAssistant) -> None:
    manners: dict[str, Any] = {"volume": 0.5, "quiet_from": "22:00:00", "quiet_until": "07:00:00"}
    entry = make_entry(hass, doors=[door(**manners)])
    form = await show_changed(hass, entry)
    kept = {"speak_on": "closed", "cool_down": 0}

    await submit(hass, form, prefilled(form) | {"manners": kept})

    assert dict(entry.subentries[DOOR].data) == door(speak_on="closed")["data"]


async def test_a_door_takes_the_name_of_its_new_sensor(hass: HomeAssistant) -> None:
    hass.states.async_set("binary_sensor.back_door", "off", {"friendly_name": "Back door"})
    other = door("door-2", sensor="binary_sensor.cellar")
    entry = make_entry(hass, doors=[door(), other])
    form = await show_changed(hass, entry)

    form = await submit(hass, form, prefilled(form) | {"sensor": "binary_sensor.cellar"})
    assert form["errors"] == {"sensor": "already_configured"}
    await submit(hass, form, prefilled(form) | BACK_DOOR)

    changed = entry.subentries[DOOR]
    assert changed.title == "Back door"
    assert changed.unique_id == changed.data["sensor"] == "binary_sensor.back_door"


async def test_a_door_whose_sensor_players_and_persona_are_gone_can_be_changed(
    hass: HomeAssistant,
) -> None:
    gone = door(persona="persona-gone", sensor="binary_sensor.gone", players=["media_player.gone"])
    entry = make_entry(hass, doors=[gone])
    form = await show_changed(hass, entry)

    await submit(hass, form, with_manners(prefilled(form), volume=0))

    changed = entry.subentries[DOOR]
    assert changed.title == "Front door"
    assert changed.data["players"] == ["media_player.gone"]
    assert changed.data["persona"] == PERSONA
    assert changed.data["volume"] == 0
