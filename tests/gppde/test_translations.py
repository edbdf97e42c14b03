"""Whatever a person reads has its text, and every text is read somewhere."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util.yaml import load_yaml_dict

import custom_components.gppde
from custom_components.gppde.doors.door import Silence
from custom_components.gppde.event import SAID
from custom_components.gppde.issues import TOLD_ONLY, IssueKey
from custom_components.gppde.repairs import FLOWS

from .aws.proxy import Proxy
from .causes import PREFIX
from .ec2_entries import make_ec2_entry
from .helpers import RecordingPlayer, put_on_disk, set_up

PACKAGE = Path(custom_components.gppde.__file__).parent
TEXTS: dict[str, Any] = json.loads((PACKAGE / "translations" / "en.json").read_text())
ICONS: dict[str, Any] = json.loads((PACKAGE / "icons.json").read_text())
ISSUE_OPTIONS = {"about", "severity"}
TREES = [ast.parse(file.read_text()) for file in PACKAGE.rglob("*.py")]


def calls() -> Iterator[ast.Call]:
    for tree in TREES:
        yield from (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def strings(node: ast.AST | None) -> set[str]:
    constants = (each for each in ast.walk(node) if isinstance(each, ast.Constant)) if node else ()
    return {each.value for each in constants if isinstance(each.value, str)}


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((each.value for each in call.keywords if each.arg == name), None)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_every_exception_that_can_be_raised_has_its_text_and_no_other_has_one() -> None:
    raised = set().union(*(strings(keyword(call, "translation_key")) for call in calls()))
    written = set().union(*(strings(tree) for tree in TREES))
    # A cause is found by its English text, not by its key.
    causes = {key for key in TEXTS["exceptions"] if key.startswith(PREFIX)}
    assert {TEXTS["exceptions"][key]["message"] for key in causes} <= written
    assert raised <= set(TEXTS["exceptions"]) - causes <= written


def test_exceptions_are_raised_with_what_their_texts_need() -> None:
    for call in calls():
        given = keyword(call, "translation_placeholders")
        if given is not None and not isinstance(given, ast.Dict):
            continue
        keys = {key for each in given.keys if each for key in strings(each)} if given else set()
        for key in strings(keyword(call, "translation_key")):
            assert placeholders(TEXTS["exceptions"][key]["message"]) <= keys, key


def test_every_issue_has_its_texts_and_no_other_has_one() -> None:
    assert set(get_args(IssueKey.__value__)) == set(TEXTS["issues"])
    for key, text in TEXTS["issues"].items():
        assert set(text) == {"title", "description" if key in TOLD_ONLY else "fix_flow"}


def test_every_issue_that_can_be_mended_has_its_repair() -> None:
    assert set(FLOWS) == set(TEXTS["issues"]) - TOLD_ONLY


def test_issues_are_raised_with_what_their_texts_need() -> None:
    for call in calls():
        if not (isinstance(call.func, ast.Name) and call.func.id == "raise_issue"):
            continue
        given = {each.arg for each in call.keywords}
        for key in strings(call.args[1]) if None not in given else ():
            title = placeholders(TEXTS["issues"][key]["title"])
            needed = placeholders(json.dumps(TEXTS["issues"][key]))
            assert title <= given - ISSUE_OPTIONS <= needed, key
            assert key not in TOLD_ONLY or given - ISSUE_OPTIONS == needed, key


async def test_every_entity_has_a_name_and_an_icon_and_no_other_has_one(
    hass: HomeAssistant, player: RecordingPlayer, entity_registry: er.EntityRegistry, aws: Proxy
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_ec2_entry(hass))
    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    keys = {(entity.domain, entity.translation_key) for entity in entities}
    for texts in (TEXTS["entity"], ICONS["entity"]):
        assert keys == {(domain, key) for domain in texts for key in texts[domain]}
    assert all(
        TEXTS["entity"][entity.domain][entity.translation_key]["name"] == entity.original_name
        for entity in entities
    )


async def test_every_state_and_attribute_of_an_entity_has_its_text(
    hass: HomeAssistant, player: RecordingPlayer, entity_registry: er.EntityRegistry, aws: Proxy
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_ec2_entry(hass))
    for entity in er.async_entries_for_config_entry(entity_registry, entry.entry_id):
        texts = TEXTS["entity"][entity.domain][entity.translation_key]
        capabilities = entity.capabilities or {}
        assert set(capabilities.get("options", ())) == set(texts.get("state", ()))
        if "event_types" in capabilities:
            attribute = texts["state_attributes"]["event_type"]
            assert set(capabilities["event_types"]) == set(attribute["state"])


def test_every_reason_for_silence_has_its_text() -> None:
    texts = TEXTS["entity"]["event"]["quip"]["state_attributes"]["reason"]["state"]
    assert set(texts) == set(Silence)


def test_whatever_a_door_does_has_its_sentence_for_the_logbook() -> None:
    assert set(TEXTS["selector"]["logbook"]["options"]) == {SAID, *Silence}


def described(kind: str) -> dict[str, Any]:
    """Return what a description file holds, less what is shared by its entries."""
    content = load_yaml_dict(str(PACKAGE / f"{kind}.yaml"))
    return {key: value for key, value in content.items() if not key.startswith(".")}


@pytest.mark.parametrize(("kind", "icon"), [("triggers", "trigger"), ("conditions", "condition")])
def test_every_trigger_and_condition_and_each_of_its_fields_has_its_texts(
    kind: str, icon: str
) -> None:
    assert set(described(kind)) == set(TEXTS[kind]) == set(ICONS[kind])
    for key, description in described(kind).items():
        texts = TEXTS[kind][key]
        assert texts["name"]
        assert texts["description"]
        assert set(texts.get("fields", {})) == set(description.get("fields", {}))
        assert all(
            set(each) == {"name", "description"} for each in texts.get("fields", {}).values()
        )
        assert ICONS[kind][key][icon].startswith("mdi:")


@pytest.mark.parametrize("action", described("services").items())
def test_every_action_and_each_of_its_fields_has_its_texts(
    action: tuple[str, dict[str, Any]],
) -> None:
    name, description = action
    texts = TEXTS["services"][name]
    assert texts["name"]
    assert texts["description"]
    assert set(texts["fields"]) == set(description["fields"])
    assert all(set(text) == {"name", "description"} for text in texts["fields"].values())
    assert ICONS["services"][name]["service"].startswith("mdi:")
