"""What hassfest and HACS look at, as far as Home Assistant itself can tell it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_get_all_descriptions
from homeassistant.loader import async_get_integration
from homeassistant.setup import async_setup_component

from custom_components.gppde.const import DOMAIN

from .test_translations import ICONS, PACKAGE, TEXTS

MANIFEST: dict[str, Any] = json.loads((PACKAGE / "manifest.json").read_text())
HEAVY = ("av", "boto3", "botocore", "numpy", "PIL")


def texts(branch: Any) -> list[str]:
    """Return all texts below."""
    if isinstance(branch, dict):
        return [text for each in branch.values() for text in texts(each)]
    return [branch]


def test_the_manifest_has_what_a_custom_integration_needs_in_the_order_of_all_others() -> None:
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(keys[2:])]
    assert {"codeowners", "documentation", "iot_class", "issue_tracker", "version"} <= set(keys)


async def test_home_assistant_takes_the_manifest_and_finds_all_it_depends_on(
    hass: HomeAssistant,
) -> None:
    integration = await async_get_integration(hass, DOMAIN)
    assert integration.version
    assert integration.has_translations
    assert await integration.resolve_dependencies()
    for domain in MANIFEST["after_dependencies"]:
        assert await async_get_integration(hass, domain)


def test_requirements_are_lower_bounds_lest_they_fight_with_home_assistants_own() -> None:
    assert {requirement.partition(">=")[1] for requirement in MANIFEST["requirements"]} == {">="}


def test_the_docs_tell_how_large_each_requirement_is() -> None:
    page = PACKAGE.parents[1] / "docs" / "performance.md"
    table = page.read_text().partition("## What it installs")[2].partition("\n## ")[0]
    told = re.findall(r"^\| `([^`]+)`.* \| [\d.]+ MB \| ", table, re.MULTILINE)
    assert sorted(told) == sorted(MANIFEST["requirements"])


async def test_home_assistant_describes_the_actions(
    hass: HomeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    described = (await async_get_all_descriptions(hass))[DOMAIN]
    assert set(described) == set(hass.services.async_services_for_domain(DOMAIN))
    assert set(described) == set(TEXTS["services"]) == set(ICONS["services"])
    assert all("fields" in description for description in described.values())
    assert "Unable to parse services.yaml" not in caplog.text


def test_texts_hold_no_html_no_address_and_no_quoted_placeholder() -> None:
    for text in texts(TEXTS):
        assert cv.string_with_no_html(text) == text
        assert not re.search(r"https?://|'{", text), text


def test_every_icon_is_one_that_home_assistant_has() -> None:
    frontend = pytest.importorskip("hass_frontend")
    sets = (Path(frontend.where()) / "static" / "mdi").glob("*.json")
    known = {
        icon
        for file in sets
        if isinstance(found := json.loads(file.read_text()), dict)
        for icon in found
    }
    used = [icon for icon in texts(ICONS) if icon.startswith("mdi:")]
    assert used
    assert {icon.removeprefix("mdi:") for icon in used} <= known


def test_no_state_has_the_icon_of_all_others() -> None:
    for platform in ICONS["entity"].values():
        for icons in platform.values():
            assert icons["default"] not in icons.get("state", {}).values()


def test_importing_all_that_a_server_needs_imports_nothing_heavy() -> None:
    modules = ["", ".config_flow", ".diagnostics", ".media_source", ".repairs", ".system_health"]
    modules += [f".{platform}" for platform in ICONS["entity"]]
    imports = "; ".join(f"import custom_components.{DOMAIN}{module}" for module in modules)
    # What Home Assistant imports of its own accord is not our doing.
    dependencies = "; ".join(
        f"import homeassistant.components.{domain}"
        for domain in (*MANIFEST["dependencies"], *MANIFEST["after_dependencies"])
    )
    code = f"import sys; {dependencies}; known = set(sys.modules); {imports}; "
    code += "print(*sys.modules.keys() - known)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent.parent, capture_output=True, check=True
    )
    modules = done.stdout.decode().split()
    assert f"custom_components.{DOMAIN}.config_flow" in modules
    imported = {module.partition(".")[0] for module in modules}
    assert imported.isdisjoint(HEAVY)
