"""The actions `gppde.refill` and `gppde.stop_refill`."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from custom_components.gppde.const import DOMAIN

from ..helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    RecordingPlayer,
    device_id,
    entity_id,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
    until,
)
from ..quipgen_double import Quipgen


async def refill(hass: HomeAssistant, **fields: Any) -> Any:
    return await hass.services.async_call(
        DOMAIN, "refill", fields, blocking=True, return_response=True
    )


async def stop_refill(hass: HomeAssistant) -> None:
    await hass.services.async_call(DOMAIN, "stop_refill", blocking=True)


async def test_a_persona_gets_as_many_quips_as_were_asked_for(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    hinge = device_id(hass, PERSONA)
    answer = await refill(hass, device_id=hinge, count=3)
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
        await refill(hass, device_id=device_id(hass, DOOR))


async def test_a_device_nobody_knows_is_refused(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="There is no nonsense"):
        await refill(hass, device_id="nonsense")


async def test_a_persona_that_was_removed_is_refused(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    personas = [persona(), persona("persona-2", "Latch")]
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_entry(hass, personas=personas))
    gone = device_id(hass, "persona-2")
    hass.config_entries.async_remove_subentry(entry, "persona-2")
    await hass.async_block_till_done()
    for action in ("refill", "recycle"):
        with pytest.raises(ServiceValidationError, match=f"There is no {gone}"):
            await hass.services.async_call(DOMAIN, action, {"device_id": gone}, blocking=True)


async def test_a_player_is_not_a_persona(hass: HomeAssistant, player: RecordingPlayer) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    for action in ("refill", "recycle"):
        with pytest.raises(ServiceValidationError, match="hall is not one of GPPDE's personas"):
            await hass.services.async_call(DOMAIN, action, {"entity_id": PLAYER}, blocking=True)


async def test_an_area_without_a_persona_is_told(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="No persona was chosen"):
        await refill(hass, area_id=ar.async_get(hass).async_create("Cellar").id)


async def test_without_an_entry_it_says_so(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await refill(hass)


@pytest.mark.parametrize("count", [0, -1, 201, "many", None])
async def test_a_count_beyond_reason_is_refused(hass: HomeAssistant, count: object) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(vol.Invalid):
        await refill(hass, count=count)


async def test_several_personas_may_be_targeted(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    personas = [persona(low_water=0), persona("persona-2", "Latch", low_water=0)]
    put_on_disk(hass, "A.")
    put_on_disk(hass, "B.", persona="persona-2")
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    both = [device_id(hass, "persona-2"), device_id(hass, PERSONA)]
    answer = await refill(hass, device_id=both, count=2)
    assert [each["persona"] for each in answer["refills"]] == ["Hinge", "Latch"]


@pytest.mark.parametrize("place", ["area_id", "label_id", "entity_id"])
async def test_a_persona_is_targeted_by_its_area_its_label_or_what_it_has(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen, place: str
) -> None:
    personas = [persona(low_water=0), persona("persona-2", "Latch", low_water=0)]
    put_on_disk(hass, "A.")
    put_on_disk(hass, "B.", persona="persona-2")
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    area = ar.async_get(hass).async_create("Hall").id
    dr.async_get(hass).async_update_device(
        device_id(hass, "persona-2"), area_id=area, labels={"chatty"}
    )
    stock = entity_id(hass, "sensor", "quip_stock", "persona-2")
    meant = {"area_id": area, "label_id": "chatty", "entity_id": stock}
    answer = await refill(hass, **{place: meant[place]}, count=2)
    assert [each["persona"] for each in answer["refills"]] == ["Latch"]


async def test_one_that_fails_keeps_no_other_from_its_turn(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    voiceless = persona(low_water=0, clip="gone.wav")
    put_on_disk(hass, "A.")
    put_on_disk(hass, "B.", persona="persona-2")
    personas = [voiceless, persona("persona-2", "Latch", low_water=0)]
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    with pytest.raises(HomeAssistantError, match="The clip that Hinge speaks like is missing"):
        await refill(hass, count=2)
    assert state_of(hass, "sensor", "quip_stock", "persona-2").state == "3"


async def test_to_name_nobody_is_not_to_name_everybody(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="No persona was chosen"):
        await refill(hass, device_id=[])


async def test_a_refill_can_be_stopped(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_entry(hass, url=quipgen.url))
    quipgen.stalls = True
    waiting = hass.async_create_task(refill(hass, count=3))
    await until(lambda: quipgen.orders)
    await stop_refill(hass)
    with pytest.raises(
        HomeAssistantError,
        match="was stopped because somebody asked for that",
    ):
        await waiting
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "stopped"
    assert entry.runtime_data.refill.last_error is None, "nothing failed"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "9"


async def test_without_an_entry_there_is_nothing_to_stop(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await stop_refill(hass)
