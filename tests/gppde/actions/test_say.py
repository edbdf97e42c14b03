"""The action `gppde.say`: whom it means, what is said, and what is told if nothing is."""

import asyncio
from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import label_registry as lr
from homeassistant.setup import async_setup_component

from custom_components.gppde.const import DOMAIN

from ..acting_player import ActingPlayer
from ..helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    RecordingPlayer,
    device_id,
    door,
    entity_id,
    make_entry,
    persona,
    press,
    put_on_disk,
    set_up,
    set_up_players,
    state_of,
    until,
)

BACK = "door-2"


async def say(hass: HomeAssistant, **fields: Any) -> Any:
    return await hass.services.async_call(
        DOMAIN, "say", fields, blocking=True, return_response=True
    )


async def two_doors(hass: HomeAssistant, **settings: Any) -> None:
    """Set up a front door, and a back door whose persona is another one."""
    put_on_disk(hass, "One.", "Two.", "Three.")
    put_on_disk(hass, "Back one.", persona="persona-2")
    doors = [
        door(),
        door(BACK, "Back door", sensor="binary_sensor.back", persona="persona-2", **settings),
    ]
    personas = [persona(), persona("persona-2", "Latch")]
    await set_up(hass, make_entry(hass, doors=doors, personas=personas))


async def test_a_door_says_its_next_quip_and_answers_what_it_was(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    quips = put_on_disk(hass, "One.", "Two.")
    await set_up(hass, make_entry(hass))
    answer = await say(hass, device_id=device_id(hass, DOOR))
    [said] = answer["said"]
    assert said.pop("uuid") in {quip.uuid for quip in quips}
    assert said.pop("text") in {"One.", "Two."}
    assert said == {"door": "Front door", "persona": "Hinge", "player": PLAYER}
    assert len(player.played) == 1
    assert state_of(hass, "event", "quip", DOOR).attributes["event_type"] == "said"


async def test_a_door_that_is_not_to_talk_by_itself_speaks_when_asked(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass))
    target = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    await hass.services.async_call("switch", "turn_off", target, blocking=True)
    await say(hass, device_id=device_id(hass, DOOR))
    assert len(player.played) == 1


async def test_doors_are_meant_by_their_entities_areas_and_labels(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await two_doors(hass)
    label = lr.async_get(hass).async_create("Noisy").label_id
    area = ar.async_get(hass).async_create("Hall").id
    devices = dr.async_get(hass)
    devices.async_update_device(device_id(hass, DOOR), area_id=area)
    devices.async_update_device(device_id(hass, BACK), labels={label})
    for target, doors in (
        ({"entity_id": entity_id(hass, "button", "say_something", BACK)}, ["Back door"]),
        ({"area_id": area}, ["Front door"]),
        ({"label_id": label}, ["Back door"]),
        ({"area_id": area, "label_id": label}, ["Front door", "Back door"]),
        (
            {"device_id": [device_id(hass, BACK), device_id(hass, DOOR)]},
            ["Front door", "Back door"],
        ),
    ):
        answer = await say(hass, **target)
        assert [each["door"] for each in answer["said"]] == doors


async def test_a_quip_can_be_said_again_and_a_fresh_one_is_stale_then(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    [wanted] = put_on_disk(hass, "Two.")
    await set_up(hass, make_entry(hass))
    for _ in range(2):
        answer = await say(hass, device_id=device_id(hass, DOOR), quip=wanted.uuid)
        assert [each["text"] for each in answer["said"]] == ["Two."]
        stock = state_of(hass, "sensor", "quip_stock", PERSONA)
        assert (stock.state, stock.attributes["stale"]) == ("1", 1)
    assert [wanted.uuid in url for url in player.played] == [True, True]


@pytest.mark.parametrize("quip", ["nonsense", "00000000-0000-4000-8000-000000000000", ""])
async def test_a_quip_that_the_persona_does_not_have_is_refused(
    hass: HomeAssistant, player: RecordingPlayer, quip: str
) -> None:
    put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match=f"Hinge has no quip {quip}"):
        await say(hass, device_id=device_id(hass, DOOR), quip=quip)
    assert player.played == []


async def test_a_quip_of_another_persona_is_refused_before_any_door_speaks(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await two_doors(hass)
    [wanted] = put_on_disk(hass, "Mine.")
    await hass.config_entries.async_reload(hass.config_entries.async_entries(DOMAIN)[0].entry_id)
    both = [device_id(hass, DOOR), device_id(hass, BACK)]
    with pytest.raises(ServiceValidationError, match="Latch has no quip"):
        await say(hass, device_id=both, quip=wanted.uuid)
    assert player.played == []


async def test_a_player_that_refuses_is_told_and_the_quip_stays_fresh(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    player.refuses = True
    await set_up(hass, make_entry(hass))
    with pytest.raises(HomeAssistantError, match="No speaker took the quip of Front door"):
        await say(hass, device_id=device_id(hass, DOOR))
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "1"


async def test_a_silent_stock_is_told(hass: HomeAssistant, player: RecordingPlayer) -> None:
    put_on_disk(hass)
    await set_up(hass, make_entry(hass, personas=[persona(when_empty="silent")]))
    with pytest.raises(HomeAssistantError, match="nothing left to say for Front door"):
        await say(hass, device_id=device_id(hass, DOOR))


async def test_one_door_that_cannot_speak_does_not_keep_another_from_it(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await two_doors(hass, players=["media_player.gone"])
    with pytest.raises(HomeAssistantError, match="took the quip of Back door, so"):
        await say(hass, device_id=[device_id(hass, BACK), device_id(hass, DOOR)])
    assert len(player.played) == 1


async def test_a_reload_in_the_middle_is_told_and_costs_no_quip(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await async_setup_component(hass, "homeassistant", {})
    slow = ActingPlayer("hall")
    slow.door_stop = asyncio.Event()
    await set_up_players(hass, slow)
    put_on_disk(hass, "One.")
    entry = await set_up(hass, make_entry(hass))
    asking = hass.async_create_task(say(hass, device_id=device_id(hass, DOOR)))
    await until(lambda: slow.calls)
    await hass.config_entries.async_reload(entry.entry_id)
    with pytest.raises(HomeAssistantError, match="Front door was interrupted"):
        await asking
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "1"


@pytest.mark.parametrize(
    "target",
    [
        {},
        {"device_id": []},
        {"device_id": "none"},
        {"entity_id": "none"},
        {"entity_id": "all"},
        {"area_id": "nowhere"},
        {"floor_id": "nowhere"},
        {"label_id": ["nothing"]},
    ],
)
async def test_without_a_door_it_says_so(
    hass: HomeAssistant, player: RecordingPlayer, target: dict[str, Any]
) -> None:
    put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="No door was chosen"):
        await say(hass, **target)


async def test_whatever_is_no_door_is_refused_by_its_name_and_nobody_speaks(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass))
    front = device_id(hass, DOOR)
    for target, told in (
        ({"device_id": [front, "0123abcd"]}, "There is no 0123abcd"),
        ({"device_id": [front, device_id(hass, PERSONA)]}, "Hinge is not one of GPPDE's doors"),
        ({"entity_id": "light.gone", "device_id": front}, "There is no light.gone"),
        ({"entity_id": [PLAYER], "device_id": front}, "hall is not one of GPPDE's doors"),
    ):
        with pytest.raises(ServiceValidationError, match=told):
            await say(hass, **target)
    assert player.played == []


async def test_a_door_that_was_removed_is_refused(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await two_doors(hass)
    gone = device_id(hass, BACK)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    hass.config_entries.async_remove_subentry(entry, BACK)
    await hass.async_block_till_done()
    with pytest.raises(ServiceValidationError, match=f"There is no {gone}"):
        await say(hass, device_id=gone)


async def test_nonsense_is_refused(hass: HomeAssistant, player: RecordingPlayer) -> None:
    await set_up(hass, make_entry(hass))
    with pytest.raises(vol.Invalid):
        await say(hass, device_id=device_id(hass, DOOR), quip=None)
    with pytest.raises(vol.Invalid):
        await say(hass, device_id=device_id(hass, DOOR), louder=True)


async def test_without_an_entry_it_says_so(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await say(hass, device_id="any")


async def test_the_button_still_speaks_without_being_waited_for(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass))
    await press(hass, "say_something", DOOR)
    assert len(player.played) == 1
