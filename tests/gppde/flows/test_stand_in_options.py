"""A person lets Home Assistant itself stand in for a source that fails."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.ec2.settings import DEFAULTS
from tests.gppde.assistants import CHOICE, Speaker, Writer, move_in
from tests.gppde.ec2_entries import make_ec2_entry
from tests.gppde.helpers import make_entry

from .forms import prefilled, start_options, submit


@pytest.fixture(params=["server", "ec2"])
def entry(hass: HomeAssistant, request: pytest.FixtureRequest) -> MockConfigEntry:
    return make_entry(hass) if request.param == "server" else make_ec2_entry(hass)


def others(entry: MockConfigEntry) -> dict[str, Any]:
    """Return what is chosen besides, if nothing is changed."""
    return DEFAULTS if entry.data["source"] == "ec2" else {}


async def test_nobody_stands_in_unless_a_person_says_so(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = await start_options(hass, entry)
    assert prefilled(form)["stands_in"] is False
    result = await submit(hass, form, prefilled(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert entry.options == others(entry)


async def test_who_is_to_stand_in_is_asked_tried_and_kept(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    speaker = Speaker()
    await move_in(hass, Writer(), speaker)
    form = await start_options(hass, entry)
    form = await submit(hass, form, prefilled(form) | {"stands_in": True})
    assert prefilled(form) == CHOICE
    await submit(hass, form, CHOICE | {"language": "en-GB"})
    assert entry.options == others(entry) | {"stand_in": CHOICE | {"language": "en-GB"}}
    assert speaker.said == ["GPPDE."]


async def test_what_is_missing_for_it_is_told(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    form = await start_options(hass, entry)
    form = await submit(hass, form, prefilled(form) | {"stands_in": True})
    form = await submit(hass, form, prefilled(form))
    assert form["errors"] == {"ai_task": "no_writer", "tts": "no_engine"}
    assert entry.options == {}, "nothing is half chosen"
    await move_in(hass, Writer(), Speaker())
    await submit(hass, form, CHOICE)
    assert entry.options["stand_in"] == CHOICE


async def test_it_can_be_changed_and_undone(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await move_in(hass, Writer(), Speaker(), Speaker(entity_id="tts.other"))
    hass.config_entries.async_update_entry(entry, options={"stand_in": CHOICE})
    form = await start_options(hass, entry)
    assert prefilled(form)["stands_in"] is True
    form = await submit(hass, form, prefilled(form))
    assert prefilled(form) == CHOICE
    await submit(hass, form, CHOICE | {"tts": "tts.other"})
    assert entry.options["stand_in"]["tts"] == "tts.other"

    form = await start_options(hass, entry)
    await submit(hass, form, prefilled(form) | {"stands_in": False})
    assert entry.options == others(entry)
