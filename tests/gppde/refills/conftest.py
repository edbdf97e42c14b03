"""A refill of two personas."""

from collections.abc import AsyncGenerator

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..helpers import make_entry, persona, put_on_disk
from ..refilling import OTHER, House


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    """An entry with two personas: Hinge wants three quips, Latch one and has it."""
    put_on_disk(hass, "I have a line.", persona=OTHER)
    return make_entry(
        hass,
        doors=[],
        personas=[
            persona(target=3, low_water=1),
            persona(OTHER, "Latch", target=1, low_water=0),
        ],
    )


@pytest.fixture
async def house(hass: HomeAssistant, entry: MockConfigEntry) -> AsyncGenerator[House]:
    house = House(hass, entry)
    yield house
    await house.stop()
