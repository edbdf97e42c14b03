"""What becomes of a refill that fails, or brings too little?"""

import shutil

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.gppde.const import RefillState
from custom_components.gppde.errors import (
    GppdeError,
    SourceAuthError,
    SourceError,
)
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.sources import Progress

from ..helpers import PERSONA, find_issue
from ..refilling import DONE, House, ask, made, pass_time


async def fails(house: House, error: GppdeError) -> None:
    house.source.give(error)
    await house.until(lambda: house.refill.persona is None)


async def test_a_refill_that_fails_keeps_what_came_and_tries_again_after_a_pause(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made())
    await fails(house, SourceError("The cable was pulled."))
    assert house.refill.state is RefillState.WAITING
    assert house.refill.last_error == "The cable was pulled."
    assert house.persona.stock.fresh_count == 1
    house.persona.changed()
    await house.stays_quiet()
    await pass_time(hass, freezer, minutes=1)
    assert (await house.until_asked(2)).count == 2
    house.source.give(made(), made())
    await house.until_state(RefillState.IDLE)
    assert house.refill.last_error is None


async def fail_three_times(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    for times, minutes in (1, 1), (2, 5), (3, 15):
        await house.until_asked(times)
        await fails(house, SourceError("The cable is missing."))
        await pass_time(hass, freezer, minutes=minutes)


async def test_after_three_failures_a_person_is_told_and_nothing_is_tried_that_day(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00-08:00")
    await house.start()
    await fail_three_times(hass, house, freezer)
    assert house.refill.state is RefillState.STOPPED
    issue = find_issue(hass, "refill_failing")
    assert issue
    assert issue.translation_placeholders == {"persona": "Hinge", "error": "The cable is missing."}
    await pass_time(hass, freezer, hours=11)
    await house.stays_quiet()
    await pass_time(hass, freezer, hours=1)
    await house.until_asked(4)
    house.source.give(made(), made(), made())
    await house.until_state(RefillState.IDLE)
    assert find_issue(hass, "refill_failing") is None


async def test_a_person_may_ask_again_at_once(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00-08:00")
    await house.start()
    await fail_three_times(hass, house, freezer)
    request = ask(hass, house)
    await house.until_asked(4)
    assert find_issue(hass, "refill_failing") is None
    house.source.give(made(), made(), made())
    assert (await request).added == 3
    assert house.refill.state is RefillState.IDLE


async def test_a_restart_does_not_forget_that_it_gave_up(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    freezer.move_to("2026-11-21 12:00:00-08:00")
    await house.start()
    await fail_three_times(hass, house, freezer)
    await house.restart()
    await house.stays_quiet()
    assert house.refill.state is RefillState.STOPPED
    assert house.refill.last_error == "The cable is missing."
    assert find_issue(hass, "refill_failing")


async def test_a_refused_token_is_asked_for_and_not_tried_again(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    await fails(house, SourceAuthError("The token is wrong."))
    assert house.refill.state is RefillState.STOPPED
    await hass.async_block_till_done()
    assert list(house.entry.async_get_active_flows(hass, {SOURCE_REAUTH}))
    await pass_time(hass, freezer, days=1)
    await house.stays_quiet()
    ask(hass, house)
    await house.until_asked(2)


async def test_what_cannot_be_stored_is_told_and_collected_at_the_next_try(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    request = ask(hass, house)
    await house.until_asked()
    folder = stocks_folder(hass) / PERSONA / "fresh"
    house.source.give({"batch": "b-1"}, made())
    await house.until_fresh(1)
    shutil.rmtree(folder)
    folder.write_text("a file where the folder belongs")
    house.source.give(made())
    with pytest.raises(HomeAssistantError) as told:
        await request
    assert told.value.translation_key == "quips_not_stored"
    assert find_issue(hass, f"stock_unwritable_{PERSONA}")
    folder.unlink()
    folder.mkdir()
    await pass_time(hass, freezer, minutes=1)
    assert (await house.until_asked(2)).count == 2
    assert house.source.tickets[-1] == {"batch": "b-1"}
    house.source.give(made(), made())
    await house.until_state(RefillState.IDLE)
    assert find_issue(hass, f"stock_unwritable_{PERSONA}") is None


async def test_fewer_than_ordered_are_better_than_none(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made(), Progress("finished", 1, 3, "The voice broke."), DONE)
    assert (await house.until_asked(2)).count == 2, "the stock is still low"
    assert house.refill.last_error == "1 of 3 quips came. The voice broke."
    house.source.give(made(), DONE)
    await house.until_state(RefillState.IDLE)
    assert house.refill.last_error == "1 of 2 quips came."
    await house.stays_quiet()


async def test_a_batch_without_any_quip_is_a_failure(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(DONE)
    await house.until_state(RefillState.WAITING)
    assert house.refill.last_error == "0 of 3 quips came."
