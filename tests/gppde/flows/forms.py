"""Fills forms in as the frontend does, and checks that each one shown can be read."""

import json
from pathlib import Path
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.helpers.selector import ChooseSelector, SelectSelector
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.gppde
from custom_components.gppde.const import DOMAIN

PACKAGE = Path(custom_components.gppde.__file__).parent
TEXTS: dict[str, Any] = json.loads((PACKAGE / "translations" / "en.json").read_text())

SOMETIMES = {"remove_clip"}
"""Fields that are shown only where there is something to them."""

type Result = Any


async def start(hass: HomeAssistant, source: str = "server") -> Result:
    """Begin to add the integration, and choose where quips come from."""
    flows = hass.config_entries.flow
    menu = read(await flows.async_init(DOMAIN, context={"source": SOURCE_USER}))
    return await submit(hass, menu, {"next_step_id": source})


async def start_options(hass: HomeAssistant, entry: MockConfigEntry) -> Result:
    """Begin to change the options."""
    return read(await hass.config_entries.options.async_init(entry.entry_id))


async def start_subentry(hass: HomeAssistant, entry: MockConfigEntry, kind: str) -> Result:
    """Begin to add a door or a persona."""
    flows = hass.config_entries.subentries
    return read(await flows.async_init((entry.entry_id, kind), context={"source": SOURCE_USER}))


async def submit(hass: HomeAssistant, shown: Result, form: dict[str, Any]) -> Result:
    """Send a form that is shown."""
    result = read(await _flows(hass, shown).async_configure(shown["flow_id"], form))
    await hass.async_block_till_done()
    return result


def _flows(hass: HomeAssistant, shown: Result) -> Any:
    entries = hass.config_entries
    if isinstance(shown["handler"], tuple):
        return entries.subentries
    return entries.flow if shown["handler"] == DOMAIN else entries.options


def prefilled(shown: Result) -> dict[str, Any]:
    """Return what is sent if a person only presses the button."""
    return _prefilled(shown["data_schema"])


def _prefilled(schema: vol.Schema) -> dict[str, Any]:
    form: dict[str, Any] = {}
    for key, value in schema.schema.items():
        if key.description and key.description.get("suggested_value") is not None:
            form[key.schema] = key.description["suggested_value"]
        elif not isinstance(key.default, vol.Undefined):
            form[key.schema] = key.default()
        elif isinstance(value, section):
            form[key.schema] = _prefilled(value.schema)
    return form


def read(result: Result) -> Result:
    """Return a result, once it is sure that a person could read it."""
    texts = _texts(result["handler"])
    if result["type"] is FlowResultType.MENU:
        step = texts["step"][result["step_id"]]
        assert step["title"]
        assert step["description"].format(**(result["description_placeholders"] or {}))
        for kind in ("menu_options", "menu_option_descriptions"):
            assert set(step[kind]) == set(result["menu_options"])
    if result["type"] is FlowResultType.FORM:
        step = texts["step"][result["step_id"]]
        placeholders = result["description_placeholders"] or {}
        _read_form(step, result["data_schema"])
        for text in step.get("data_description", {}).values():
            assert text.format(**placeholders)
        assert step["title"]
        assert step["description"].format(**placeholders)
        for error in (result["errors"] or {}).values():
            assert texts["error"][error].format(**placeholders)
    if result["type"] is FlowResultType.ABORT and not result.get("translation_domain"):
        assert texts["abort"][result["reason"]]
    return result


def _texts(handler: str | tuple[str, str]) -> dict[str, Any]:
    """Return those of a flow: what a subentry's and an options flow work on is an entry."""
    if isinstance(handler, tuple):
        return dict(TEXTS["config_subentries"][handler[1]])
    return dict(TEXTS["config" if handler == DOMAIN else "options"])


def _read_form(texts: dict[str, Any], schema: vol.Schema) -> None:
    sections = {key.schema: it for key, it in schema.schema.items() if isinstance(it, section)}
    fields = {key.schema for key in schema.schema} - set(sections)
    for kind in ("data", "data_description"):
        assert fields <= set(texts.get(kind, {})) <= fields | SOMETIMES
    assert set(sections) == set(texts.get("sections", {}))
    for name, inner in sections.items():
        assert texts["sections"][name]["name"]
        _read_form(texts["sections"][name], inner.schema)
    for field in schema.schema.values():
        if isinstance(field, ChooseSelector):
            choices = TEXTS["selector"][field.config["translation_key"]]["choices"]
            assert set(field.config["choices"]) == set(choices)
        if isinstance(field, SelectSelector) and "translation_key" in field.config:
            options = TEXTS["selector"][field.config["translation_key"]]["options"]
            assert set(field.config["options"]) == set(options)
