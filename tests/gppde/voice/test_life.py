"""Voice begins when conversations are possible, and ends with the entry."""

import pytest
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.const import DOMAIN

from ..assistant import meet_assistant, replies
from ..helpers import RecordingPlayer, door, make_entry, persona, put_on_disk, set_up

SENTENCES = ["refill quips", "wie viele Quips sind noch da", "dis quelque chose", "cállate"]


@pytest.fixture
async def entry(hass: HomeAssistant, player: RecordingPlayer) -> MockConfigEntry:
    """Return GPPDE, set up in a home where nobody can converse yet."""
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = make_entry(hass, personas=[persona(low_water=0)])
    assert "conversation" not in hass.config.components
    return await set_up(hass, entry)


async def test_what_is_set_up_before_conversations_are_is_understood_afterwards(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    assistant = await meet_assistant(hass, hass_ws_client)
    assert all([await assistant.hears(sentence) for sentence in SENTENCES])


async def test_an_unloaded_entry_hears_nothing_and_a_loaded_one_hears_again(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    assistant = await meet_assistant(hass, hass_ws_client)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not any([await assistant.hears(sentence) for sentence in SENTENCES])
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert all([await assistant.hears(sentence) for sentence in SENTENCES])
    assert await assistant.ask("say something") in replies("en", "said", who="Front door")


async def test_an_entry_unloaded_before_conversations_begin_is_never_heard_of(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    assert await hass.config_entries.async_unload(entry.entry_id)
    assistant = await meet_assistant(hass, hass_ws_client)
    assert not any([await assistant.hears(sentence) for sentence in SENTENCES])


async def test_an_entry_unloaded_while_it_begins_to_listen_leaves_no_sentence_behind(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assistant = await meet_assistant(hass, hass_ws_client)
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = make_entry(hass, personas=[persona(low_water=0)])
    hass.states.async_set("binary_sensor.front_door", "off")
    assert await hass.config_entries.async_setup(entry.entry_id)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done()
    assert not any([await assistant.hears(sentence) for sentence in SENTENCES])


async def test_the_start_of_home_assistant_does_not_wait_for_voice(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assistant = await meet_assistant(hass, hass_ws_client)
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    hass.set_state(CoreState.starting)
    await set_up(hass, make_entry(hass, personas=[persona(low_water=0)]))
    assert not await assistant.hears("refill quips")
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await hass.async_block_till_done()
    assert await assistant.hears("refill quips")


async def test_a_door_that_is_added_is_heard_of_at_once(
    hass: HomeAssistant, entry: MockConfigEntry, hass_ws_client: WebSocketGenerator
) -> None:
    assistant = await meet_assistant(hass, hass_ws_client)
    assert await assistant.ask("say something, back door") in replies(
        "en", "unknown_door", heard="back", known="Front door"
    )
    back = door("door-2", "Back door", sensor="binary_sensor.back_door")
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)
    await set_up(hass, make_entry(hass, doors=[door(), back], personas=[persona(low_water=0)]))
    reply = await assistant.ask("say something, back door")
    assert reply in replies("en", "said", who="Back door")


async def test_the_log_stays_clean(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    assistant = await meet_assistant(hass, hass_ws_client)
    for sentence in ("say something", "be quiet", "talk again", "how many quips are left"):
        await assistant.ask(sentence)
    assert await hass.config_entries.async_unload(entry.entry_id)
    complaints = [it for it in caplog.records if it.levelname in ("WARNING", "ERROR")]
    # asyncio complains of whatever takes long on a busy machine.
    assert not [it for it in complaints if it.name != "asyncio" and "gppde" in it.getMessage()]


async def test_where_conversations_are_already_it_listens_at_once(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass, personas=[persona(low_water=0)]))
    assistant = await meet_assistant(hass, hass_ws_client)
    assert await assistant.hears("refill quips")
