"""The tools that a language model gets, through Home Assistant's own API for them."""

from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.const import DOMAIN

from .helpers import (
    PERSONA,
    RecordingPlayer,
    door,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)
from .quipgen_double import Quipgen

LATCH = "persona-2"
CONTEXT = llm.LLMContext(
    platform="test", context=Context(), language="en", assistant="conversation", device_id=None
)


@pytest.fixture
async def entry(hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen) -> MockConfigEntry:
    """Return a home with two doors and two personas."""
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    put_on_disk(hass, *(f"Line {n}." for n in range(10)), persona=LATCH)
    personas = [persona(low_water=0), persona(LATCH, "Latch", low_water=0, tone="sombre")]
    doors = [door(), door("door-2", "Shed", sensor="binary_sensor.shed", persona=LATCH)]
    entry = make_entry(hass, doors=doors, personas=personas, url=quipgen.url)
    assert await async_setup_component(hass, "llm", {})
    return await set_up(hass, entry)


async def api(hass: HomeAssistant) -> llm.APIInstance:
    return await llm.async_get_api(hass, llm.LLM_API_ASSIST, CONTEXT)


async def call(hass: HomeAssistant, tool: str, **arguments: Any) -> llm.ToolResult:
    given = llm.ToolInput(tool_name=f"{DOMAIN}__{tool}", tool_args=arguments)
    return await (await api(hass)).async_call_tool(given)


def ours(instance: llm.APIInstance) -> dict[str, llm.Tool]:
    return {tool.name: tool for tool in instance.tools if tool.integration == DOMAIN}


def outcomes(result: llm.ToolResult) -> dict[str, list[str]]:
    results: Any = result.data["results"]
    assert all(each["message"] for each in results)
    return {each["outcome"]: each["about"] for each in results}


async def test_a_model_is_offered_four_tools_and_told_who_is_there(
    hass: HomeAssistant, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    instance = await api(hass)
    tools = ours(instance)
    assert set(tools) == {f"gppde__{name}" for name in ("refill", "stock", "say", "persona")}
    assert all(tool.title and tool.description for tool in tools.values())
    assert "Front door (persona Hinge), Shed (persona Latch)" in instance.api_prompt
    assert "custom integration 'gppde'" not in caplog.text


async def test_a_model_knows_which_tools_change_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    tools = ours(await api(hass)).values()
    assert {tool.name for tool in tools if tool.annotations.read_only} == {
        "gppde__stock",
        "gppde__persona",
    }
    assert not any(tool.annotations.destructive for tool in tools)


async def test_an_api_other_than_assist_is_offered_nothing(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    from custom_components.gppde.llm import async_get_tools  # noqa: PLC0415

    assert async_get_tools(hass, CONTEXT, "another") is None


async def test_a_refill_is_ordered_and_not_waited_for(
    hass: HomeAssistant, entry: MockConfigEntry, quipgen: Quipgen
) -> None:
    result = await call(hass, "refill", persona="hinge")
    assert outcomes(result) == {"ordered": ["Hinge"]}
    assert not result.error
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"


async def test_a_refill_of_all_tells_of_each(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    result = await call(hass, "refill")
    assert outcomes(result) == {"ordered": ["Hinge"], "full": ["Latch"]}


async def test_a_door_speaks_for_a_model(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    result = await call(hass, "say", door="the front door")
    assert outcomes(result) == {"said": ["Front door"]}
    assert len(player.played) == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "outcome", "known"),
    [
        ("say", {"door": "cellar"}, "unknown_door", "Front door and Shed"),
        ("say", {}, "which_door", "Front door and Shed"),
        ("refill", {"persona": "Ziggy"}, "unknown_persona", "Hinge and Latch"),
        ("stock", {"persona": "Ziggy"}, "unknown_persona", "Hinge and Latch"),
        ("persona", {"persona": "Ziggy"}, "unknown_persona", "Hinge and Latch"),
    ],
)
async def test_a_model_that_names_nobody_is_told_who_there_is(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    tool: str,
    arguments: dict[str, str],
    outcome: str,
    known: str,
) -> None:
    result = await call(hass, tool, **arguments)
    assert result.error
    assert set(outcomes(result)) == {outcome}
    assert known in str(result.data)


async def test_a_model_can_count(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    hinge = {"persona": "Hinge", "fresh": 9, "said_before": 0, "full_at": 10}
    latch = {"persona": "Latch", "fresh": 10, "said_before": 0, "full_at": 10}
    assert (await call(hass, "stock")).data == {"stocks": [hinge, latch], "refill": "idle"}
    assert (await call(hass, "stock", persona="Latch")).data["stocks"] == [latch]


async def test_a_model_can_get_to_know_a_persona(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    latch = {
        "name": "Latch",
        "description": "A cheerful door.",
        "tone": "sombre",
        "doors": ["Shed"],
    }
    assert (await call(hass, "persona", persona="shed")).data == {"personas": [latch]}
    everybody = (await call(hass, "persona")).data["personas"]
    assert isinstance(everybody, list)
    assert len(everybody) == 2


@pytest.mark.parametrize("arguments", [{"persona": None}, {"persona": ["Hinge"]}, {"count": 3}])
async def test_arguments_that_make_no_sense_are_refused(
    hass: HomeAssistant, entry: MockConfigEntry, arguments: dict[str, Any]
) -> None:
    with pytest.raises(vol.Invalid):
        await call(hass, "refill", **arguments)


async def test_without_a_loaded_entry_there_are_no_tools(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    before = await api(hass)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert not ours(await api(hass))
    with pytest.raises(HomeAssistantError, match="GPPDE is not running"):
        await before.async_call_tool(llm.ToolInput(tool_name="gppde__stock", tool_args={}))


async def test_a_home_without_doors_is_told_of_as_such(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    assert await async_setup_component(hass, "llm", {})
    await set_up(hass, make_entry(hass, doors=[], personas=[]))
    assert "Talking doors: none. Personas: none." in (await api(hass)).api_prompt
    assert set(outcomes(await call(hass, "say"))) == {"no_doors"}
