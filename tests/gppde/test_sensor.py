"""The sensors of a persona and of the source."""

import pytest
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, EVENT_STATE_CHANGED
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import async_capture_events

from .helpers import (
    PERSONA,
    RecordingPlayer,
    make_entry,
    open_door,
    press,
    put_on_disk,
    set_up,
    state_of,
)
from .quipgen_double import Quipgen

NINE = [f"Line {n}." for n in range(9)]


async def test_the_stock_counts_what_was_not_said_yet(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *NINE)
    put_on_disk(hass, "Old.", heap="stale")
    await set_up(hass, make_entry(hass))
    stock = state_of(hass, "sensor", "quip_stock", PERSONA)
    assert stock.state == "9"
    assert stock.attributes["stale"] == 1
    assert stock.attributes["state_class"] == "measurement"
    assert stock.attributes[ATTR_UNIT_OF_MEASUREMENT] == "quips"


async def test_the_last_quip_is_the_line_and_where_it_was_said(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Long. " * 60)
    await set_up(hass, make_entry(hass))
    await open_door(hass)
    last = state_of(hass, "sensor", "last_quip", PERSONA)
    assert last.state == ("Long. " * 60)[:255]
    assert last.attributes["door"] == "Front door"
    assert last.attributes["tone"] == "sunny"
    assert last.attributes["mood"] == 0.5
    assert last.attributes["said_at"]


async def test_the_last_quip_is_remembered_with_all_there_is_to_it(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *NINE)
    entry = await set_up(hass, make_entry(hass))
    await open_door(hass)
    before = state_of(hass, "sensor", "last_quip", PERSONA)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    after = state_of(hass, "sensor", "last_quip", PERSONA)
    assert after.state == before.state
    for name in ("door", "tone", "mood", "said_at"):
        assert after.attributes[name] == before.attributes[name]


async def test_the_refill_shows_what_it_does(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *NINE)
    entry = await set_up(hass, make_entry(hass, url=quipgen.url))
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "idle"
    assert state_of(hass, "sensor", "refill_progress", entry.entry_id).state == "unknown"
    changes = async_capture_events(hass, EVENT_STATE_CHANGED)
    await press(hass, "refill", PERSONA)
    states = [change.data["new_state"] for change in changes]
    seen = {(state.state, state.attributes.get("persona")) for state in states if state}
    assert ("starting", "Hinge") in seen
    assert ("running", "Hinge") in seen
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "idle"
    assert state_of(hass, "sensor", "refill_progress", entry.entry_id).state == "unknown"


async def test_a_refill_that_failed_waits(hass: HomeAssistant, player: RecordingPlayer) -> None:
    put_on_disk(hass, *NINE)
    entry = await set_up(hass, make_entry(hass))
    with pytest.raises(HomeAssistantError):
        await press(hass, "refill", PERSONA)
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "waiting"
