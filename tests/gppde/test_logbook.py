"""What a person reads in the logbook about doors."""

from typing import Any

import pytest
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .automating import ask
from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    device_id,
    door,
    entity_id,
    make_entry,
    open_door,
    persona,
    put_on_disk,
    set_up,
)

NIGHT = {"quiet_from": "00:00:00", "quiet_until": "23:59:59"}


@pytest.fixture(autouse=True)
def custom_integrations(recorder_mock: Recorder, enable_custom_integrations: None) -> None:
    """Let Home Assistant load this integration, but start the recorder before."""


async def entries(
    hass: HomeAssistant, client: WebSocketGenerator, **of: list[str]
) -> list[dict[str, Any]]:
    """Return what the logbook has of today, or only what it has of these."""
    await async_wait_recording_done(hass)
    start = dt_util.start_of_local_day().isoformat()
    message = {"type": "logbook/get_events", "start_time": start, **of}
    found: list[dict[str, Any]] = await ask(client, message)
    return found


async def sentences(hass: HomeAssistant, client: WebSocketGenerator, **of: list[str]) -> list[str]:
    """Return what the logbook says in words, in order."""
    found = await entries(hass, client, **of)
    return [f"{each['name']} {each['message']}" for each in found if "message" in each]


async def test_a_line_that_was_said_can_be_read_once(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "logbook", {})
    put_on_disk(hass, "I open, therefore I am.")
    await set_up(hass, make_entry(hass))
    await open_door(hass)
    told = await sentences(hass, hass_ws_client)
    assert told == ["Front door said: I open, therefore I am."]


async def test_the_sentence_belongs_to_the_doors_device(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, "logbook", {})
    put_on_disk(hass, "Hello {there}.")
    await set_up(hass, make_entry(hass))
    await open_door(hass)
    told = await sentences(hass, hass_ws_client, device_ids=[device_id(hass, DOOR)])
    assert told == ["Front door said: Hello {there}."]
    assert await sentences(hass, hass_ws_client, device_ids=[device_id(hass, PERSONA)]) == []


async def test_whoever_leaves_the_event_entity_out_has_the_sentence_alone(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    exclude = {"entities": ["event.front_door_quip"]}
    assert await async_setup_component(hass, "logbook", {"logbook": {"exclude": exclude}})
    put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass))
    await open_door(hass)
    found = await entries(hass, hass_ws_client)
    assert [each["message"] for each in found if "message" in each] == ["said: Hello."]
    assert "event.front_door_quip" not in {each.get("entity_id") for each in found}


@pytest.mark.parametrize(
    ("settings", "persona_settings", "reason"),
    [
        (NIGHT, {}, "kept quiet: quiet hours"),
        ({"players": ["media_player.gone"]}, {}, "kept quiet: no speaker took its line"),
        ({}, {"when_empty": "silent"}, "kept quiet: nothing left to say"),
    ],
)
async def test_why_a_door_kept_quiet_can_be_read(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_ws_client: WebSocketGenerator,
    settings: dict[str, Any],
    persona_settings: dict[str, Any],
    reason: str,
) -> None:
    assert await async_setup_component(hass, "logbook", {})
    put_on_disk(hass, *[] if persona_settings else ["Hello."], persona="persona-1")
    doors, personas = [door(**settings)], [persona(**persona_settings)]
    await set_up(hass, make_entry(hass, doors=doors, personas=personas))
    await open_door(hass)
    assert await sentences(hass, hass_ws_client) == [f"Front door {reason}"]


async def test_a_door_that_cools_down_or_is_switched_off_says_so(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_ws_client: WebSocketGenerator,
) -> None:
    assert await async_setup_component(hass, "logbook", {})
    put_on_disk(hass, "Hello.", "Again.")
    await set_up(hass, make_entry(hass, doors=[door(cool_down=600)]))
    await open_door(hass)
    await open_door(hass)
    target = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    await hass.services.async_call("switch", "turn_off", target, blocking=True)
    await open_door(hass)
    told = await sentences(hass, hass_ws_client)
    assert told[1:] == [
        "Front door kept quiet: it had just spoken",
        "Front door kept quiet: it is not to talk",
    ]
