"""The dashboard card: served, offered, and in five languages. tests/e2e/test_card.py uses it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from homeassistant.components.frontend import DATA_EXTRA_MODULE_URL
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.dashboard.card import FOLDER

from ..helpers import RecordingPlayer, make_entry, put_on_disk, set_up

LANGUAGES = ["de", "en", "es", "fr", "nl"]
MODULES = sorted(FOLDER.glob("*.js"))
IMPORT = re.compile(r'from "(\./[\w/.-]+)"')
PLACEHOLDER = re.compile(r"{\w+}")


def texts(language: str) -> dict[str, str]:
    module = (FOLDER / "texts" / f"{language}.js").read_text()
    found: dict[str, str] = json.loads(module.removeprefix("export default ").rstrip(";\n"))
    return found


async def address(hass: HomeAssistant) -> str:
    version = (await async_get_integration(hass, DOMAIN)).version
    return f"/gppde_frontend/{version}/gppde-card.js"


def loaded_by_the_frontend(hass: HomeAssistant) -> frozenset[str]:
    return hass.data[DATA_EXTRA_MODULE_URL].urls


@pytest.fixture
async def frontend(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, "frontend", {})


@pytest.mark.usefixtures("frontend")
async def test_the_frontend_loads_the_card_while_the_integration_runs(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    entry = await set_up(hass, make_entry(hass))
    card = await address(hass)
    assert card in loaded_by_the_frontend(hass)
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert card in loaded_by_the_frontend(hass)
    await hass.config_entries.async_set_disabled_by(entry.entry_id, ConfigEntryDisabler.USER)
    assert card not in loaded_by_the_frontend(hass)


async def test_without_a_frontend_there_is_everything_but_the_card(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    entry = await set_up(hass, make_entry(hass))
    assert DATA_EXTRA_MODULE_URL not in hass.data
    assert await hass.config_entries.async_unload(entry.entry_id)


async def test_all_modules_of_the_card_are_served_and_may_be_kept(
    hass: HomeAssistant, hass_client_no_auth: ClientSessionGenerator
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    client = await hass_client_no_auth()
    folder = (await address(hass)).rpartition("/")[0]
    for module in FOLDER.rglob("*.js"):
        answer = await client.get(f"{folder}/{module.relative_to(FOLDER)}")
        assert answer.status == 200
        assert answer.content_type in {"text/javascript", "application/javascript"}
        assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_module_imports_what_there_is(module: Path) -> None:
    for imported in IMPORT.findall(module.read_text()):
        assert (FOLDER / imported).is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    def shape(texts: dict[str, str]) -> dict[str, Any]:
        return {key: sorted(PLACEHOLDER.findall(text)) for key, text in texts.items()}

    assert shape(texts(language)) == shape(texts("en"))
    assert all(texts(language).values())


def test_every_text_is_shown_and_every_text_shown_is_there() -> None:
    written = " ".join(module.read_text() for module in MODULES)
    keys = {re.sub("_(one|other|help)$", "", key) for key in texts("en")}
    assert {key for key in keys if f'"{key}"' not in written} == set()
    assert set(re.findall(r'(?:text|count)\("(\w+)"', written)) <= keys
