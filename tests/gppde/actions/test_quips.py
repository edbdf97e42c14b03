"""The actions `gppde.list_quips` and `gppde.recycle`."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from custom_components.gppde.const import DOMAIN

from ..faulty_disk import disk, out_of_space
from ..helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    device_id,
    find_issue,
    make_entry,
    open_door,
    persona,
    put_on_disk,
    set_up,
    state_of,
)

PERSONAS = [persona(), persona("persona-2", "Latch")]


async def act(hass: HomeAssistant, action: str, **fields: Any) -> Any:
    return await hass.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )


async def texts(hass: HomeAssistant, **fields: Any) -> list[str]:
    return [quip["text"] for quip in (await act(hass, "list_quips", **fields))["quips"]]


async def test_what_is_next_comes_first_and_then_what_was_said_last(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.", "Two.", "Three.", "Four.")
    await set_up(hass, make_entry(hass))
    said = []
    for _ in range(2):
        await open_door(hass)
        said.append(state_of(hass, "event", "quip", DOOR).attributes["text"])
    listed = await texts(hass)
    assert listed[2:] == said[::-1]
    await open_door(hass)
    assert state_of(hass, "event", "quip", DOOR).attributes["text"] == listed[0]
    assert await texts(hass, state="fresh") == [listed[1]]
    assert await texts(hass, state="stale") == [listed[0], *said[::-1]]


async def test_a_quip_is_told_with_all_that_is_known_of_it(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    [quip] = put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass))
    told = {
        "uuid": quip.uuid,
        "text": "One.",
        "persona": "Hinge",
        "tone": "sunny",
        "mood": 0.5,
        "is_fresh": True,
        "duration": 0.0,
        "created": "2026-11-01T12:00:00+00:00",
    }
    assert await act(hass, "list_quips", persona=device_id(hass, PERSONA)) == {"quips": [told]}
    await open_door(hass)
    [again] = (await act(hass, "list_quips"))["quips"]
    said_at = datetime.fromisoformat(again.pop("said_at"))
    assert again == told | {"is_fresh": False}
    assert abs(dt_util.utcnow() - said_at) < timedelta(minutes=1)


async def test_lines_can_be_looked_for_and_are_cut_off_at_a_limit(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Welcome home, ARTHUR.", "Mind the gap.")
    put_on_disk(hass, "Oh. Arthur again.", "Another.", persona="persona-2")
    await set_up(hass, make_entry(hass, personas=PERSONAS))
    assert await texts(hass, text="arthur") == ["Welcome home, ARTHUR.", "Oh. Arthur again."]
    latch = device_id(hass, "persona-2")
    assert await texts(hass, text="arthur", persona=[latch]) == ["Oh. Arthur again."]
    assert await texts(hass, text="Zaphod") == []
    assert len(await texts(hass, limit=3)) == 3


async def test_no_more_than_a_thousand_are_listed_however_many_there_are(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {number}." for number in range(900)))
    put_on_disk(hass, *(f"Row {number}." for number in range(200)), persona="persona-2")
    await set_up(hass, make_entry(hass, personas=PERSONAS))
    assert len(await texts(hass)) == 1000
    assert len(await texts(hass, text="Row")) == 200
    with pytest.raises(vol.Invalid, match="at most 1000"):
        await texts(hass, limit=1001)


async def test_what_was_said_can_be_said_again(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    put_on_disk(hass, "Two.", "Three.", heap="stale")
    put_on_disk(hass, "Other.", persona="persona-2", heap="stale")
    await set_up(hass, make_entry(hass, personas=PERSONAS))
    answer = await act(hass, "recycle", device_id=device_id(hass, PERSONA))
    assert answer == {"recycled": [{"persona": "Hinge", "count": 2}]}
    stock = state_of(hass, "sensor", "quip_stock", PERSONA)
    assert (stock.state, stock.attributes["stale"]) == ("3", 0)
    assert state_of(hass, "sensor", "quip_stock", "persona-2").state == "0"
    assert set(await texts(hass, state="fresh")) == {"One.", "Two.", "Three."}


async def test_without_a_persona_everybody_is_recycled(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.", heap="stale")
    put_on_disk(hass, persona="persona-2")
    await set_up(hass, make_entry(hass, personas=PERSONAS))
    answer = await act(hass, "recycle")
    assert [each["count"] for each in answer["recycled"]] == [1, 0]


async def test_a_disk_that_fails_is_told_and_nothing_is_lost(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.", "Two.", heap="stale")
    await set_up(hass, make_entry(hass))
    with disk(error=out_of_space(), times=100), pytest.raises(HomeAssistantError, match="is full"):
        await act(hass, "recycle")
    assert find_issue(hass, f"disk_full_{PERSONA}")
    stock = state_of(hass, "sensor", "quip_stock", PERSONA)
    assert (stock.state, stock.attributes["stale"]) == ("0", 2)
    await act(hass, "recycle")
    assert not find_issue(hass, f"disk_full_{PERSONA}")
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "2"


@pytest.mark.parametrize(("action", "by"), [("list_quips", "persona"), ("recycle", "device_id")])
async def test_whoever_is_no_persona_is_refused(
    hass: HomeAssistant, player: RecordingPlayer, action: str, by: str
) -> None:
    put_on_disk(hass, "One.", heap="stale")
    await set_up(hass, make_entry(hass))
    hinge = device_id(hass, PERSONA)
    for persona_, told in (
        ([hinge, device_id(hass, DOOR)], "Front door is not one of GPPDE's personas"),
        ([hinge, "0123abcd"], "There is no 0123abcd"),
        ([], "No persona was chosen"),
    ):
        with pytest.raises(ServiceValidationError, match=told):
            await act(hass, action, **{by: persona_})
    assert state_of(hass, "sensor", "quip_stock", PERSONA).attributes["stale"] == 1


@pytest.mark.parametrize("fields", [{"state": "old"}, {"limit": 0}, {"text": None}, {"where": 1}])
async def test_nonsense_is_refused(hass: HomeAssistant, fields: dict[str, Any]) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(vol.Invalid):
        await act(hass, "list_quips", **fields)


@pytest.mark.parametrize("action", ["list_quips", "recycle"])
async def test_without_an_entry_it_says_so(hass: HomeAssistant, action: str) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await act(hass, action)
