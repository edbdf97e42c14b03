"""Is a refill that somebody stops over, and no more than that?"""

import asyncio

from homeassistant.core import CoreState, HomeAssistant

from custom_components.gppde.const import RefillState
from custom_components.gppde.refills.outcome import RefillResult

from ..helpers import put_on_disk
from ..refilling import DONE, House, ask, made


async def served(
    house: House, asked: asyncio.Task[RefillResult], count: int, times: int = 1
) -> int:
    """Make so many for whoever asked, once the source was asked; return how many were added."""
    await house.until_asked(times)
    house.source.give(*(made() for _ in range(count)), DONE)
    return (await asked).added


async def test_a_stop_in_the_moment_of_the_start_keeps_nobody_from_asking_later(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    await house.refill.abandon()
    await house.stays_quiet()
    assert house.refill.state is RefillState.STOPPED
    asked = ask(hass, house)
    assert await served(house, asked, 3) == 3


async def test_a_stop_in_the_turn_in_which_a_refill_is_begun_keeps_nobody_from_asking_later(
    hass: HomeAssistant, house: House
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await house.start()
    await house.stays_quiet()
    house.persona.draw()
    house.refill.check()
    await house.refill.abandon()
    asked = ask(hass, house)
    assert await served(house, asked, 2) == 2


async def test_who_asks_while_a_refill_is_being_stopped_is_served_at_once(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    await house.until_asked()
    stop = hass.async_create_task(house.refill.abandon())
    asked = ask(hass, house)
    await stop
    assert await served(house, asked, 3, times=2) == 3


async def test_a_stop_before_home_assistant_has_started_is_for_what_was_left_too(
    hass: HomeAssistant, house: House
) -> None:
    await house.start()
    await house.until_asked()
    house.source.give({"batch": 1}, made())
    await house.until_fresh(1)
    await house.stop()
    hass.set_state(CoreState.starting)
    await house.start()
    await house.refill.abandon()
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await house.stays_quiet()
    await house.restart()
    await house.stays_quiet()
    assert house.refill.state is RefillState.STOPPED
