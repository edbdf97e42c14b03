"""How long is a source trusted that hangs or lies?"""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant

from custom_components.gppde.const import RefillState
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.sources import Progress
from custom_components.gppde.words import Words

from ..refilling import House, made, pass_time


async def test_more_than_was_ordered_is_not_taken(house: House) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(*(made() for _ in range(9)))
    await house.until_state(RefillState.IDLE)
    assert house.persona.stock.fresh_count == 3
    assert house.source.closed == 1


async def test_a_source_that_hangs_is_given_up(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    house.source.give(made())
    await house.until_state(RefillState.RUNNING)
    await pass_time(hass, freezer, minutes=2)
    assert house.refill.state is RefillState.RUNNING
    await pass_time(hass, freezer, minutes=4)
    await house.until_state(RefillState.WAITING)
    assert house.refill.last_error
    assert house.source.closed == 1


@pytest.mark.parametrize(
    "lie",
    [
        lambda nth: Progress("writing", 10 + nth, 10),
        lambda nth: Progress("writing", -nth, 0),
        lambda _: Dropped("quip-x.zip", Words("It is no mp3.")),
        lambda _: made(uuid="00000000-0000-4000-8000-000000000000"),
    ],
    ids=["ever more created", "nonsense", "only rubbish", "always the same quip"],
)
async def test_a_source_that_only_talks_is_given_up(
    hass: HomeAssistant,
    house: House,
    freezer: FrozenDateTimeFactory,
    lie: Callable[[int], Any],
) -> None:
    await house.start()
    await house.until_asked()
    nth = 0
    while house.refill.persona:
        nth += 1
        house.source.give(lie(nth))
        await house.stays_quiet()
        assert house.refill.progress in range(101)
        await pass_time(hass, freezer, seconds=100)
        await house.stays_quiet()
        assert nth < 5
    assert house.refill.state is RefillState.WAITING
    assert house.persona.stock.fresh_count <= 1


async def test_a_source_that_always_finds_something_new_to_do_has_two_hours(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    await house.start()
    await house.until_asked()
    for minutes in range(0, 120, 2):
        assert house.refill.state is RefillState.STARTING
        house.source.give(Progress(f"stage {minutes}", 0, 3))
        await house.until(house.source._events.empty)
        await asyncio.sleep(0)
        await pass_time(hass, freezer, minutes=2)
    await house.until_state(RefillState.WAITING)
