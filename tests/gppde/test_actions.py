"""The action `gppde.refill`."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component

from custom_components.gppde.const import DOMAIN

from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    entity_id,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)
from .quipgen_double import Quipgen


async def refill(hass: HomeAssistant, **fields: Any) -> Any:
    return await hass.services.async_call(
        DOMAIN, "refill", fields, blocking=True, return_response=True
    )


def device_id(hass: HomeAssistant, platform: str, key: str, owner: str) -> str | None:
    entity = er.async_get(hass).async_get(entity_id(hass, platform, key, owner))
    assert entity
    return entity.device_id


async def test_a_persona_gets_as_many_quips_as_were_asked_for(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    hinge = device_id(hass, "sensor", "quip_stock", PERSONA)
    answer = await refill(hass, persona=hinge, count=3)
    assert answer == {"refills": [{"persona": "Hinge", "requested": 3, "added": 3}]}
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "12"


async def test_without_a_persona_every_stock_that_is_not_full_is_filled(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, "A.", "B.")
    put_on_disk(hass, "C.", persona="persona-2")
    personas = [
        persona(target=2, low_water=0),
        persona("persona-2", "Latch", target=2, low_water=0),
    ]
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    answer = await refill(hass)
    assert answer == {"refills": [{"persona": "Latch", "requested": 1, "added": 1}]}
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "2"
    assert state_of(hass, "sensor", "quip_stock", "persona-2").state == "2"


async def test_a_server_that_fails_is_told_to_whoever_asked(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    quipgen.broken = True
    with pytest.raises(HomeAssistantError) as caught:
        await refill(hass)
    assert caught.value.translation_key
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "9"


async def test_the_door_of_a_persona_is_not_a_persona(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="Front door is not one of"):
        await refill(hass, persona=device_id(hass, "event", "quip", DOOR))


async def test_a_device_nobody_knows_is_refused(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="There is no device nonsense"):
        await refill(hass, persona="nonsense")


async def test_without_an_entry_it_says_so(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await refill(hass)


@pytest.mark.parametrize("count", [0, -1, 201, "many", None])
async def test_a_count_beyond_reason_is_refused(hass: HomeAssistant, count: object) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(vol.Invalid):
        await refill(hass, count=count)
