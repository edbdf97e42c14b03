"""A person without a server begins with the lines that are shipped, and adds a source later."""

import logging
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.errors import SourceError
from custom_components.gppde.sources import Order
from custom_components.gppde.sources.none import NoSource
from custom_components.gppde.speaking.playback import Playback

from .flows.forms import Result, prefilled, read, start, submit
from .helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    SENSOR,
    TOKEN,
    RecordingPlayer,
    door,
    open_door,
    persona,
    press,
    set_up,
    state_of,
)
from .quipgen_double import Quipgen


async def _at_once(_: Playback) -> None:
    """Be over, however long the line."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.gppde.flows.audition.FETCH_PATIENCE", 0)
    monkeypatch.setattr(Playback, "wait_for_end", _at_once)


async def begin(hass: HomeAssistant) -> MockConfigEntry:
    """Set up an entry without a source, and with a door."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Starter quips",
        data={"source": "starter"},
        subentries_data=[persona(), door()],
    )
    entry.add_to_hass(hass)
    return await set_up(hass, entry)


async def test_from_nothing_to_a_door_that_speaks_a_person_submits_three_times(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    hass.states.async_set(SENSOR, "off", {"friendly_name": "Front door", "device_class": "door"})
    added = await start(hass, "starter")
    assert added["type"] is FlowResultType.CREATE_ENTRY
    entry = added["result"]
    assert (entry.title, entry.state) == ("Starter quips", ConfigEntryState.LOADED)

    kind, flow_id = added["next_flow"]
    assert kind is FlowType.CONFIG_SUBENTRIES_FLOW
    form: Result = read(await hass.config_entries.subentries.async_configure(flow_id))
    assert prefilled(form)["sensor"] == SENSOR
    assert prefilled(form)["players"] == [PLAYER]
    heard = await submit(hass, form, prefilled(form))
    assert len(player.played) == 1
    result = await submit(hass, heard, {"next_step_id": "finish"})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    await open_door(hass)
    assert len(player.played) == 2


async def test_a_low_stock_is_left_alone_without_a_word(
    hass: HomeAssistant, player: RecordingPlayer, caplog: pytest.LogCaptureFixture
) -> None:
    entry = await begin(hass)
    for _ in range(14):
        await open_door(hass)
    async_fire_time_changed(hass, dt_util.utcnow())
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "0"
    assert len(player.played) == 14, "what was said is said again"
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "idle"
    assert not [issue for issue in ir.async_get(hass).issues if issue[0] == DOMAIN]
    ours = (record for record in caplog.records if record.name.startswith("custom_components"))
    assert not [record for record in ours if record.levelno >= logging.WARNING]


async def test_who_asks_for_a_refill_is_told_where_to_choose_a_source(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await begin(hass)
    with pytest.raises(HomeAssistantError) as told:
        await press(hass, "refill", PERSONA)
    assert told.value.translation_key == "no_source"
    with pytest.raises(HomeAssistantError) as told:
        await hass.services.async_call(DOMAIN, "refill", {"count": 3}, blocking=True)
    assert told.value.translation_key == "no_source"


async def test_a_server_that_is_added_later_fills_the_stock(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    entry = await begin(hass)
    for _ in range(8):
        await open_door(hass)
    menu = read(await entry.start_reconfigure_flow(hass))
    assert menu["step_id"] == "reconfigure"
    form = await submit(hass, menu, {"next_step_id": "server"})
    result = await submit(hass, form, {"url": quipgen.url, "token": TOKEN})
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.title == "Quipgen"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert entry.subentries[DOOR]


async def test_a_name_that_a_person_gave_stays(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    entry = await begin(hass)
    hass.config_entries.async_update_entry(entry, title="Chatter")
    menu = read(await entry.start_reconfigure_flow(hass))
    form = await submit(hass, menu, {"next_step_id": "server"})
    await submit(hass, form, {"url": quipgen.url, "token": TOKEN})
    assert entry.title == "Chatter"


async def test_no_source_makes_nothing(hass: HomeAssistant) -> None:
    async def keep(_: dict[str, Any]) -> None:
        raise AssertionError

    brief = (await begin(hass)).runtime_data.personas[PERSONA].brief
    order = Order(brief=brief, count=3, avoid=[])
    with pytest.raises(SourceError):
        NoSource().make(order, None, keep)
