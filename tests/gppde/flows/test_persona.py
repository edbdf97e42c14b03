"""A person adds a persona, and changes one."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, InvalidData

from custom_components.gppde.flows.persona import first_persona
from tests.gppde.helpers import PERSONA, RecordingPlayer, make_entry, persona, set_up

from .forms import prefilled, read, start_subentry, submit


async def test_a_name_is_enough_for_a_second_persona(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    entry = await set_up(hass, make_entry(hass))
    form = await start_subentry(hass, entry, "persona")

    result = await submit(hass, form, prefilled(form) | {"name": " Latch "})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    [_, latch] = entry.get_subentries_of_type("persona")
    assert latch.title == "Latch"
    assert dict(latch.data) == {
        "description": "",
        "tone": "sunny",
        "voice": "",
        "target": 10,
        "low_water": 5,
        "when_empty": "repeat",
    }
    assert set(entry.runtime_data.personas) == {PERSONA, latch.subentry_id}


async def test_the_first_persona_is_one_that_a_person_could_have_added(hass: HomeAssistant) -> None:
    first = first_persona()
    entry = make_entry(hass, personas=[])
    form = await start_subentry(hass, entry, "persona")
    await submit(hass, form, {"name": first["title"], **first["data"]})
    [added] = entry.get_subentries_of_type("persona")
    assert (added.title, dict(added.data)) == (first["title"], first["data"])


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"name": "  "}, {"name": "name_empty"}),
        ({"name": " hinge"}, {"name": "name_taken"}),
        ({"name": "La\ntch"}, {"name": "invalid_name"}),
        ({"name": "L" * 101}, {"name": "too_long"}),
        ({"description": "d" * 1001}, {"description": "too_long"}),
        ({"voice": "en gb; rm"}, {"voice": "invalid_voice"}),
        ({"voice": "v" * 101}, {"voice": "too_long"}),
        ({"low_water": 5, "target": 5}, {"low_water": "low_water_not_below_target"}),
        ({"low_water": 199, "target": 1}, {"low_water": "low_water_not_below_target"}),
        (
            {"name": "", "voice": "?", "low_water": 10},
            {
                "name": "name_empty",
                "voice": "invalid_voice",
                "low_water": "low_water_not_below_target",
            },
        ),
    ],
)
async def test_what_makes_no_sense_is_told_and_can_be_mended(
    hass: HomeAssistant, wrong: dict[str, Any], errors: dict[str, str]
) -> None:
    entry = make_entry(hass)
    form = await start_subentry(hass, entry, "persona")
    right = prefilled(form) | {"name": "Latch", "voice": "en-gb"}

    form = await submit(hass, form, right | wrong)
    assert form["errors"] == errors
    assert form["data_schema"]({"name": "Latch"})
    result = await submit(hass, form, prefilled(form) | right | {"description": "A latch."})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["description"] == "A latch."


@pytest.mark.parametrize(
    "impossible", [{"target": 0}, {"target": 201}, {"low_water": -1}, {"tone": "angry"}]
)
async def test_what_the_form_does_not_offer_is_refused(
    hass: HomeAssistant, impossible: dict[str, Any]
) -> None:
    form = await start_subentry(hass, make_entry(hass), "persona")
    with pytest.raises(InvalidData):
        await submit(hass, form, {"name": "Latch"} | impossible)


async def test_a_persona_can_be_changed_and_emptied(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    entry = await set_up(hass, make_entry(hass))
    form = read(await entry.start_subentry_reconfigure_flow(hass, PERSONA))
    change = prefilled(form) | {"name": "Creak", "tone": "sombre", "target": 20.0}
    del change["voice"]

    result = await submit(hass, form, change)

    assert result["reason"] == "reconfigure_successful"
    changed = entry.subentries[PERSONA]
    assert changed.title == "Creak"
    assert dict(changed.data) == {
        **persona()["data"],
        "tone": "sombre",
        "target": 20,
        "voice": "",
    }
    assert entry.runtime_data.personas[PERSONA].target == 20


async def test_a_persona_left_as_it_is_stays_the_same(hass: HomeAssistant) -> None:
    entry = make_entry(hass, personas=[persona(), persona("persona-2", "Latch")])
    before = entry.subentries[PERSONA].as_dict()
    form = read(await entry.start_subentry_reconfigure_flow(hass, PERSONA))

    form = await submit(hass, form, prefilled(form) | {"name": "LATCH"})
    assert form["errors"] == {"name": "name_taken"}
    await submit(hass, form, prefilled(form) | {"name": "Hinge"})

    assert entry.subentries[PERSONA].as_dict() == before
