"""A player's volume is borrowed, not taken."""

import asyncio

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.gppde.speaking import volume
from custom_components.gppde.speaking.volume import BorrowedVolume

from ..acting_player import ActingPlayer
from ..helpers import set_up_players


async def borrow_from(hass: HomeAssistant, player: ActingPlayer) -> BorrowedVolume:
    await set_up_players(hass, player)
    return BorrowedVolume(hass, player.entity_id)


async def test_a_borrowed_volume_is_given_back(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.8)
    await hass.async_block_till_done()
    await borrowed.give_back()
    assert player.volumes == [0.8, 0.3]


async def test_what_was_not_borrowed_is_not_given_back(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.give_back()
    await borrowed.borrow(0.8)
    await borrowed.give_back()
    await borrowed.give_back()
    assert player.volumes == [0.8, 0.3]


async def test_the_right_volume_is_left_alone(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.3)
    await borrowed.give_back()
    assert player.volumes == []


async def test_the_same_volume_is_set_once(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.8)
    await borrowed.borrow(0.8)
    assert player.volumes == [0.8]


@pytest.mark.parametrize("level", [0.5, 0.75, 0.85, 0.35])
async def test_a_persons_change_is_never_overwritten(hass: HomeAssistant, level: float) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.8)
    await hass.async_block_till_done()
    player.is_turned(level)
    await hass.async_block_till_done()
    await borrowed.give_back()
    assert player.volumes == [0.8]


async def test_a_persons_change_between_two_quips_is_what_is_restored(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.8)
    await hass.async_block_till_done()
    player.is_turned(0.5)
    await borrowed.borrow(0.7)
    await hass.async_block_till_done()
    await borrowed.give_back()
    assert player.volumes == [0.8, 0.7, 0.5]


async def test_a_player_that_rounds_is_not_mistaken_for_a_person(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall", steps=6)
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.75)
    await hass.async_block_till_done()
    assert player.volume_level == pytest.approx(2 / 3)
    await borrowed.give_back()
    assert player.volumes == [0.75, 0.3]


async def test_a_person_who_turns_a_player_that_rounds_is_heard(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall", steps=15)
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.76)
    await hass.async_block_till_done()
    player.is_turned(10 / 15)
    await hass.async_block_till_done()
    await borrowed.give_back()
    assert player.volumes == [0.76]


async def test_a_player_that_is_slow_to_report_is_restored(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    player.is_slow_to_report = True
    await borrowed.borrow(0.8)
    await borrowed.give_back()
    assert player.volumes == [0.8, 0.3]


async def test_a_player_slow_to_report_what_it_got_back_is_not_believed(
    hass: HomeAssistant,
) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    await borrowed.borrow(0.8)
    await hass.async_block_till_done()
    player.is_slow_to_report = True
    await borrowed.give_back()
    await borrowed.borrow(0.8)
    await borrowed.give_back()
    assert player.volumes == [0.8, 0.3, 0.8, 0.3]


async def test_a_fixed_volume_is_not_touched(hass: HomeAssistant) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    player.has_fixed_volume()
    await borrowed.borrow(0.8)
    await borrowed.give_back()
    assert player.volumes == []


async def test_a_missing_player_has_no_volume(hass: HomeAssistant) -> None:
    borrowed = BorrowedVolume(hass, "media_player.removed")
    await borrowed.borrow(0.8)
    await borrowed.give_back()


async def test_a_volume_that_cannot_be_set_is_told_once_and_raises_nothing(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    player.volume_error = HomeAssistantError("stuck")
    for _ in range(2):
        await borrowed.borrow(0.8)
        await borrowed.give_back()
    assert caplog.text.count("media_player.hall keeps its volume: stuck") == 1
    player.volume_error = None
    await borrowed.borrow(0.8)
    assert "media_player.hall works again" in caplog.text


async def test_a_volume_that_hangs_is_not_waited_for(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(volume, "TIMEOUT", 0.05)
    player = ActingPlayer("hall")
    borrowed = await borrow_from(hass, player)
    player.knob_stop = asyncio.Event()
    async with asyncio.timeout(1):
        await borrowed.borrow(0.8)
