"""The buttons of a persona and of a door."""

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    make_entry,
    press,
    put_on_disk,
    set_up,
    state_of,
)
from .quipgen_double import Quipgen

NINE = [f"Line {n}." for n in range(9)]


async def test_a_person_fills_the_stock_to_its_target(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *NINE[:6])
    await set_up(hass, make_entry(hass, url=quipgen.url))
    await press(hass, "refill", PERSONA)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    [order] = quipgen.orders
    assert order["count"] == 4
    assert set(order["avoid"]) >= set(NINE[:6])


async def test_a_refill_that_cannot_be_is_told_to_who_pressed(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *NINE)
    await set_up(hass, make_entry(hass))
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, "refill", PERSONA)
    assert caught.value.translation_key


async def test_a_door_says_something_when_asked_even_switched_off(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *NINE)
    await set_up(hass, make_entry(hass))
    await press(hass, "say_something", DOOR)
    assert len(player.played) == 1
    assert state_of(hass, "event", "quip", DOOR).attributes["event_type"] == "said"
