"""Automations that begin with a door that spoke, a stock that ran low, a refill that ended."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .automating import ask, automate, is_loaded, tell
from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    device_id,
    door,
    entity_id,
    make_entry,
    open_door,
    persona,
    press,
    put_on_disk,
    set_up,
)
from .quipgen_double import Quipgen

TRIGGERS = {
    "gppde.quip_played",
    "gppde.refill_failed",
    "gppde.refill_finished",
    "gppde.stock_empty",
    "gppde.stock_low",
}
BACK_SENSOR = "binary_sensor.back"
SAID = "{{ trigger.to_state.attributes.text }}"


def lines(count: int) -> list[str]:
    return [f"Line {number}." for number in range(count)]


async def two_doors(hass: HomeAssistant) -> None:
    """Set up a front door and a back door, each with a persona of its own."""
    put_on_disk(hass, *lines(9))
    put_on_disk(hass, *(f"Back {line}" for line in lines(9)), persona="persona-2")
    doors = [door(), door("door-2", "Back door", sensor=BACK_SENSOR, persona="persona-2")]
    await set_up(hass, make_entry(hass, doors=doors, personas=[persona(), persona("persona-2")]))


async def refill_in_vain(hass: HomeAssistant) -> None:
    """Press a persona's button without waiting for the error."""
    target = {"entity_id": entity_id(hass, "button", "refill", PERSONA)}
    await hass.services.async_call("button", "press", target)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_automation_hears_what_a_door_says(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass, personas=[persona(when_empty="silent")]))
    runs = await automate(
        hass,
        triggers={
            "trigger": "gppde.quip_played",
            "target": {"device_id": device_id(hass, DOOR)},
        },
        actions=tell(text=SAID, persona="{{ trigger.to_state.attributes.persona }}"),
    )
    await open_door(hass)
    assert runs == [{"text": "Hello.", "persona": "Hinge"}]
    await open_door(hass)
    assert len(runs) == 1


async def test_a_line_that_nobody_heard_is_not_one_that_was_played(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    player.refuses = True
    await set_up(hass, make_entry(hass))
    target = {"entity_id": entity_id(hass, "event", "quip", DOOR)}
    runs = await automate(
        hass, triggers={"trigger": "gppde.quip_played", "target": target}, actions=tell()
    )
    await open_door(hass)
    assert runs == []
    player.refuses = False
    await open_door(hass)
    assert len(runs) == 1


async def test_only_the_doors_in_the_targeted_area_count(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await two_doors(hass)
    area = ar.async_get(hass).async_create("Garden").id
    runs = await automate(
        hass,
        triggers={"trigger": "gppde.quip_played", "target": {"area_id": area}},
        actions=tell(text=SAID),
    )
    await open_door(hass, BACK_SENSOR)
    assert runs == []
    dr.async_get(hass).async_update_device(device_id(hass, "door-2"), area_id=area)
    await hass.async_block_till_done()
    await open_door(hass)
    await open_door(hass, BACK_SENSOR)
    assert [run["text"].split()[0] for run in runs] == ["Back"]


async def test_a_restart_of_the_integration_is_no_quip_and_no_low_stock(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass))
    await open_door(hass)
    targets = {"device_id": [device_id(hass, DOOR), device_id(hass, PERSONA)]}
    runs = await automate(
        hass,
        triggers=[{"trigger": trigger, "target": targets} for trigger in TRIGGERS],
        actions=tell(),
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert runs == []


async def test_a_stock_becomes_low_once_and_empty_once(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *lines(4))
    await set_up(hass, make_entry(hass, personas=[persona(target=4, low_water=2)]))
    target = {"device_id": device_id(hass, PERSONA)}
    runs = await automate(
        hass,
        triggers=[
            {"trigger": "gppde.stock_low", "target": target, "id": "low"},
            {"trigger": "gppde.stock_empty", "target": target, "id": "empty"},
        ],
        actions=tell(what="{{ trigger.id }}", left="{{ trigger.to_state.state }}"),
        mode="queued",
    )
    for _ in range(6):
        await open_door(hass)
    assert runs == [{"what": "low", "left": 2}, {"what": "empty", "left": 0}]


async def test_a_stock_that_recovers_may_become_low_again(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *lines(2))
    await set_up(hass, make_entry(hass, personas=[persona(target=2, low_water=0)]))
    target = {"device_id": device_id(hass, PERSONA)}
    runs = await automate(
        hass, triggers={"trigger": "gppde.stock_low", "target": target}, actions=tell()
    )
    for times in 1, 2:
        await open_door(hass)
        await open_door(hass)
        assert len(runs) == times
        await hass.services.async_call("gppde", "recycle", blocking=True)


async def test_a_refill_that_finished_tells_what_it_brought(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *lines(7))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    target = {"device_id": device_id(hass, PERSONA)}
    runs = await automate(
        hass,
        triggers=[
            {"trigger": "gppde.refill_finished", "target": target},
            {"trigger": "gppde.refill_failed", "target": target},
        ],
        actions=tell(
            persona="{{ trigger.persona }}",
            requested="{{ trigger.requested }}",
            added="{{ trigger.added }}",
            dropped="{{ trigger.dropped }}",
            description="{{ trigger.description }}",
        ),
    )
    await press(hass, "refill", PERSONA)
    facts = {"persona": "Hinge", "requested": 3, "added": 3, "dropped": 0}
    assert runs == [facts | {"description": "refill for Hinge finished"}]
    await press(hass, "refill", PERSONA)
    assert len(runs) == 1


async def test_a_refill_that_failed_tells_why(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *lines(7))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    quipgen.broken = True
    target = {"entity_id": entity_id(hass, "sensor", "quip_stock", PERSONA)}
    runs = await automate(
        hass,
        triggers=[
            {"trigger": "gppde.refill_finished", "target": target},
            {"trigger": "gppde.refill_failed", "target": target},
        ],
        actions=tell(persona="{{ trigger.persona }}", error="{{ trigger.error }}"),
    )
    await refill_in_vain(hass)
    [run] = runs
    assert run["persona"] == "Hinge"
    assert "has a fault" in run["error"]


async def test_another_personas_refill_does_not_count(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *lines(7))
    put_on_disk(hass, *lines(10), persona="persona-2")
    personas = [persona(), persona("persona-2", "Latch")]
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    runs = await automate(
        hass,
        triggers={
            "trigger": "gppde.refill_finished",
            "target": {"device_id": device_id(hass, "persona-2")},
        },
        actions=tell(),
    )
    await press(hass, "refill", PERSONA)
    assert runs == []


@pytest.mark.parametrize("trigger", sorted(TRIGGERS))
@pytest.mark.parametrize(
    "target",
    [
        {"device_id": "0123abcd"},
        {"entity_id": ["light.hall", "event.doorbell", "sensor.rain", "sensor.quipgen_refill"]},
        {"area_id": "nowhere", "label_id": "nothing"},
    ],
)
async def test_a_deleted_or_foreign_target_never_triggers_and_breaks_nothing(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    trigger: str,
    target: dict[str, Any],
) -> None:
    put_on_disk(hass, "One.")
    await set_up(hass, make_entry(hass, personas=[persona(low_water=0)], url=quipgen.url))
    runs = await automate(hass, triggers={"trigger": trigger, "target": target}, actions=tell())
    assert is_loaded(hass)
    for platform in "light.hall", "event.doorbell", "sensor.rain":
        hass.states.async_set(platform, "1", {"event_type": "said", "level": "plenty"})
        hass.states.async_set(platform, "2", {"event_type": "said", "level": "empty"})
    await open_door(hass)
    await press(hass, "refill", PERSONA)
    assert runs == []


@pytest.mark.parametrize("trigger", sorted(TRIGGERS))
@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"target": None},
        {"target": {"device_id": "x"}, "options": {"louder": True}},
        {"target": {"device": "x"}},
        {"device_id": "x"},
    ],
)
async def test_half_written_yaml_is_refused_and_the_automation_says_so(
    hass: HomeAssistant, player: RecordingPlayer, trigger: str, rest: dict[str, Any]
) -> None:
    await set_up(hass, make_entry(hass))
    await automate(hass, triggers={"trigger": trigger, **rest}, actions=tell())
    assert not is_loaded(hass)


async def test_there_is_no_other_trigger(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "gppde", {})
    await automate(hass, triggers={"trigger": "gppde.opened", "target": {}}, actions=tell())
    assert not is_loaded(hass)


async def test_the_editor_is_told_of_all_triggers(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass))
    told = await ask(hass_ws_client, {"type": "trigger_platforms/subscribe"}, events=True)
    assert {key for key in told if key.startswith("gppde")} == TRIGGERS
    assert told["gppde.quip_played"]["target"]["entity"] == [
        {"integration": "gppde", "domain": ["event"]}
    ]
    assert set(told["gppde.stock_low"]["fields"]) == {"behavior", "for"}


async def test_the_editor_offers_for_a_device_what_it_can_do(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass))
    for owner, offered in (
        (DOOR, {"gppde.quip_played"}),
        (PERSONA, TRIGGERS - {"gppde.quip_played"}),
    ):
        target = {"device_id": [device_id(hass, owner)]}
        message = {"type": "get_triggers_for_target", "target": target}
        found = await ask(hass_ws_client, message)
        assert {each for each in found if each.startswith("gppde")} == offered


async def test_what_the_editor_proposes_is_accepted(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass))
    target = {"device_id": ["x"]}
    options = {"behavior": "each", "for": "00:00:00"}
    triggers: list[dict[str, Any]] = [
        {"trigger": trigger, "target": target, "options": options if "stock" in trigger else {}}
        for trigger in TRIGGERS
    ]
    answer = await ask(hass_ws_client, {"type": "validate_config", "triggers": triggers})
    assert answer == {"triggers": {"valid": True, "error": None}}
