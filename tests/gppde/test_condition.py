"""Automations that ask whether a stock is low, a refill runs, a door may talk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
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
    put_on_disk,
    set_up,
    until,
)
from .quipgen_double import Quipgen

CONDITIONS = {"gppde.is_refilling", "gppde.is_talkative", "gppde.stock_is_low"}
ASKED = "somebody_asks"


async def ask_for(hass: HomeAssistant, condition: str, **rest: Any) -> list[dict[str, Any]]:
    """Load an automation that runs when somebody asks, if the condition holds."""
    return await automate(
        hass,
        triggers={"trigger": "event", "event_type": ASKED},
        conditions={"condition": condition, **rest},
        actions=tell(),
    )


async def holds(hass: HomeAssistant, runs: list[dict[str, Any]]) -> bool:
    before = len(runs)
    hass.bus.async_fire(ASKED)
    await hass.async_block_till_done()
    return len(runs) > before


@asynccontextmanager
async def refilling(hass: HomeAssistant, quipgen: Quipgen) -> AsyncIterator[None]:
    """Let a refill run that makes no headway, and stop it in the end."""
    quipgen.stalls = True
    fields = {"device_id": device_id(hass, PERSONA)}
    waiting = hass.async_create_background_task(
        hass.services.async_call("gppde", "refill", fields, blocking=True), "refill"
    )
    await until(lambda: quipgen.orders)
    yield
    await hass.services.async_call("gppde", "stop_refill", blocking=True)
    with pytest.raises(HomeAssistantError, match="was stopped"):
        await waiting


async def test_a_stock_is_low_from_its_mark_downwards(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.", "Two.")
    await set_up(hass, make_entry(hass, personas=[persona(target=3, low_water=1)]))
    target = {"device_id": device_id(hass, PERSONA)}
    runs = await ask_for(hass, "gppde.stock_is_low", target=target)
    answers = [await holds(hass, runs)]
    for _ in range(2):
        await open_door(hass)
        answers.append(await holds(hass, runs))
    assert answers == [False, True, True]


@pytest.mark.parametrize(("behavior", "answer"), [("any", True), ("all", False)])
async def test_of_several_stocks_any_or_all_must_be_low(
    hass: HomeAssistant, player: RecordingPlayer, behavior: str, answer: bool
) -> None:
    put_on_disk(hass, "One.")
    put_on_disk(hass, "Two.", "Three.", persona="persona-2")
    personas = [persona(id_, id_, target=2, low_water=1) for id_ in (PERSONA, "persona-2")]
    await set_up(hass, make_entry(hass, personas=personas))
    both = {"device_id": [device_id(hass, PERSONA), device_id(hass, "persona-2")]}
    runs = await ask_for(hass, "gppde.stock_is_low", target=both, options={"behavior": behavior})
    assert await holds(hass, runs) is answer


async def test_a_door_is_talkative_as_long_as_its_switch_is_on(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *"ABCDEFG")
    await set_up(hass, make_entry(hass))
    target = {"device_id": device_id(hass, DOOR)}
    runs = await ask_for(hass, "gppde.is_talkative", target=target)
    switch = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    for action, answer in (("turn_off", False), ("turn_on", True)):
        await hass.services.async_call("switch", action, switch, blocking=True)
        assert await holds(hass, runs) is answer


async def test_a_persona_is_refilling_while_its_quips_are_being_made(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *"ABCDEFGHI")
    put_on_disk(hass, *"ABCDEFGHIJ", persona="persona-2")
    personas = [persona(), persona("persona-2", "Latch")]
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    hinge = {"device_id": device_id(hass, PERSONA)}
    runs = await ask_for(hass, "gppde.is_refilling", target=hinge)
    assert not await holds(hass, runs)
    async with refilling(hass, quipgen):
        assert await holds(hass, runs)
    assert not await holds(hass, runs)


async def test_another_personas_refill_does_not_count(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *"ABCDEFGHI")
    put_on_disk(hass, *"ABCDEFGHIJ", persona="persona-2")
    personas = [persona(), persona("persona-2", "Latch")]
    await set_up(hass, make_entry(hass, personas=personas, url=quipgen.url))
    latch = {"device_id": device_id(hass, "persona-2")}
    runs = await ask_for(hass, "gppde.is_refilling", target=latch)
    async with refilling(hass, quipgen):
        assert not await holds(hass, runs)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
@pytest.mark.parametrize(
    "target",
    [
        {"device_id": "0123abcd"},
        {"entity_id": ["switch.lamp", "sensor.rain"]},
        {"area_id": "nowhere"},
    ],
)
async def test_a_deleted_or_foreign_target_holds_for_nothing(
    hass: HomeAssistant, player: RecordingPlayer, condition: str, target: dict[str, Any]
) -> None:
    await set_up(hass, make_entry(hass, doors=[door()], personas=[persona()]))
    hass.states.async_set("switch.lamp", "on")
    hass.states.async_set("sensor.rain", "0", {"level": "low"})
    runs = await ask_for(hass, condition, target=target)
    assert is_loaded(hass)
    assert not await holds(hass, runs)


async def test_nothing_holds_once_the_integration_is_gone(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "One.")
    entry = await set_up(hass, make_entry(hass))
    target = {"device_id": [device_id(hass, PERSONA), device_id(hass, DOOR)]}
    runs = await ask_for(
        hass,
        "or",
        conditions=[{"condition": condition, "target": target} for condition in sorted(CONDITIONS)],
    )
    assert await holds(hass, runs)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not await holds(hass, runs)


@pytest.mark.parametrize("condition", sorted(CONDITIONS))
@pytest.mark.parametrize(
    "rest", [{}, {"target": {}, "options": {"louder": 1}}, {"target": {"device": "x"}}]
)
async def test_half_written_yaml_is_refused_and_the_automation_says_so(
    hass: HomeAssistant, player: RecordingPlayer, condition: str, rest: dict[str, Any]
) -> None:
    await set_up(hass, make_entry(hass))
    await ask_for(hass, condition, **rest)
    assert not is_loaded(hass)


async def test_the_editor_is_told_of_all_conditions(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass))
    told = await ask(hass_ws_client, {"type": "condition_platforms/subscribe"}, events=True)
    assert {key for key in told if key.startswith("gppde")} == CONDITIONS
    for owner, offered in (
        (DOOR, {"gppde.is_talkative"}),
        (PERSONA, CONDITIONS - {"gppde.is_talkative"}),
    ):
        target = {"device_id": [device_id(hass, owner)]}
        message = {"type": "get_conditions_for_target", "target": target}
        found = await ask(hass_ws_client, message)
        assert {each for each in found if each.startswith("gppde")} == offered


async def test_what_the_editor_proposes_is_accepted(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    assert await async_setup_component(hass, "gppde", {})
    options = {"behavior": "any", "for": "00:00:00"}
    conditions: list[dict[str, Any]] = [
        {
            "condition": condition,
            "target": {"device_id": ["x"]},
            "options": {} if condition == "gppde.is_refilling" else options,
        }
        for condition in CONDITIONS
    ]
    answer = await ask(hass_ws_client, {"type": "validate_config", "conditions": conditions})
    assert answer == {"conditions": {"valid": True, "error": None}}
