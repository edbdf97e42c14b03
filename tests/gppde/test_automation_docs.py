"""The examples of docs/automations.md: each is loaded, and what it does is done."""

import re
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.logbook import CONFIG_SCHEMA as LOGBOOK_SCHEMA
from homeassistant.const import EVENT_CALL_SERVICE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import load_yaml_dict, parse_yaml
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.condition import async_get_conditions
from custom_components.gppde.trigger import async_get_triggers

from .automating import AUTOMATION, ask, automate, is_loaded
from .helpers import RecordingPlayer, make_entry, open_door, put_on_disk, set_up
from .quipgen_double import Quipgen
from .test_translations import PACKAGE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "automations.md").read_text()
BLOCKS = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
EXAMPLES: list[Any] = [parse_yaml(block) for block in BLOCKS]
AUTOMATIONS = [each for each in EXAMPLES if "triggers" in each]
SCRIPTS = [each for each in EXAMPLES if isinstance(each, list)]
CONFIGURATION = [each for each in EXAMPLES if "logbook" in each]


@pytest.fixture
async def house(hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen) -> None:
    """Set up the front door and the persona that the page tells of."""
    assert await async_setup_component(hass, "persistent_notification", {})
    put_on_disk(hass, *(f"Line {number}, Arthur." for number in range(9)))
    await set_up(hass, make_entry(hass, url=quipgen.url))
    await open_door(hass)


REFUSALS = {
    "gppde.preflight": "A preflight is for quips from EC2",
    "gppde.add_quip": "has no text-to-speech engine",
}
"""What this house lacks, in which there is nothing but a server."""


def test_every_example_is_of_a_kind_that_is_tried() -> None:
    assert len(EXAMPLES) == len(AUTOMATIONS) + len(SCRIPTS) + len(CONFIGURATION) > 10


async def test_the_page_tells_of_everything_that_there_is(hass: HomeAssistant) -> None:
    actions = {key for key in load_yaml_dict(str(PACKAGE / "services.yaml")) if key[0] != "."}
    triggers = set(await async_get_triggers(hass))
    conditions = set(await async_get_conditions(hass))
    for key in actions | triggers | conditions:
        assert f"`gppde.{key}`" in PAGE
        assert re.search(rf"(trigger|condition|action): gppde\.{key}\n", PAGE), key
    for file in (ROOT / "blueprints" / "automation" / "gppde").iterdir():
        assert f"/blueprints/automation/gppde/{file.name}`" in PAGE


@pytest.mark.parametrize("example", AUTOMATIONS)
async def test_an_example_of_an_automation_is_accepted(
    hass: HomeAssistant,
    house: None,
    hass_ws_client: WebSocketGenerator,
    example: dict[str, Any],
) -> None:
    answer = await ask(hass_ws_client, {"type": "validate_config", **example})
    assert {each["error"] for each in answer.values()} == {None}
    await automate(hass, **example)
    assert is_loaded(hass)
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": AUTOMATION}, blocking=True
    )


@pytest.mark.parametrize("example", SCRIPTS)
async def test_an_example_of_actions_runs(
    hass: HomeAssistant, house: None, example: list[dict[str, Any]]
) -> None:
    called: list[str] = []

    @callback
    def note(event: Event[Any]) -> None:
        called.append(f"{event.data['domain']}.{event.data['service']}")

    hass.bus.async_listen(EVENT_CALL_SERVICE, note)
    assert await async_setup_component(hass, "script", {"script": {"it": {"sequence": example}}})
    if refusal := REFUSALS.get(example[0]["action"]):
        with pytest.raises(ServiceValidationError, match=refusal):
            await hass.services.async_call("script", "it", blocking=True)
    else:
        await hass.services.async_call("script", "it", blocking=True)
    assert {step["action"] for step in example if "action" in step} <= set(called)


def test_the_example_for_the_logbook_is_accepted() -> None:
    [example] = CONFIGURATION
    assert LOGBOOK_SCHEMA(example)["logbook"]["exclude"]["entities"] == ["event.front_door_quip"]
