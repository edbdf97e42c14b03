"""What a person copies from the documentation works, and its links lead somewhere."""

import logging
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest
from homeassistant.components.logbook import CONFIG_SCHEMA as LOGBOOK_SCHEMA
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

from custom_components.gppde.aws.check import CheckKey
from custom_components.gppde.ec2.preflight_report import Finding
from custom_components.gppde.issues import TOLD_ONLY, IssueKey

from .test_translations import TEXTS

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
BLOCK = re.compile(
    r"^(?P<indent> *)```yaml\n(?P<content>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"^ *```.*?^ *```$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


def blocks() -> Iterator[Any]:
    for page in PAGES:
        for number, block in enumerate(BLOCK.finditer(page.read_text()), 1):
            yield pytest.param(block["content"], id=f"{page.relative_to(ROOT)}-{number}")


def links() -> Iterator[Any]:
    for page in PAGES:
        for link in LINK.finditer(CODE.sub("", page.read_text())):
            if not re.match(r"[a-z]+:|//", link["target"]):
                yield pytest.param(page, link["target"], id=f"{page.name}-{link['target']}")


def anchors(page: Path) -> set[str]:
    """Return what the headings of a page are called in links."""
    headings = (heading["text"].lower() for heading in HEADING.finditer(page.read_text()))
    return {re.sub(r"[^\w -]", "", heading).strip().replace(" ", "-") for heading in headings}


@pytest.fixture
def levels() -> Iterator[None]:
    """Put back what the logger's example sets for the whole process."""
    loggers = [logging.getLogger(name) for name in ("", "custom_components.gppde")]
    before = [(logger, logger.level) for logger in loggers]
    kind = logging.getLoggerClass()
    yield
    logging.setLoggerClass(kind)
    for logger, level in before:
        logger.setLevel(level)


@pytest.mark.usefixtures("levels")
@pytest.mark.parametrize("content", blocks())
async def test_an_example_is_understood_by_home_assistant(
    hass: HomeAssistant, content: str
) -> None:
    example: Any = parse_yaml(content)
    match example:
        case {"automation": [*automations]}:
            await understand(hass, "automation", automations)
        case {"triggers": _, "actions": _}:
            await understand(hass, "automation", [example])
        case {"action": _}:
            cv.SCRIPT_SCHEMA([example])
        case [{"action": _}, *_]:
            cv.SCRIPT_SCHEMA(example)
        case {"logbook": _}:
            LOGBOOK_SCHEMA(example)
        case {"views": _}:
            pass  # tests/e2e/test_card.py opens it in a browser
        case {"check": key}:
            assert key in CheckKey
            assert set(example) == {field.name for field in fields(Finding)}
        case _:
            await configure(hass, example)


async def configure(hass: HomeAssistant, example: dict[str, Any]) -> None:
    """Set up what belongs into configuration.yaml."""
    [domain] = example
    assert await async_setup_component(hass, domain, example)
    match example:
        case {"template": [*_]}:
            pass
        case {"script": {**scripts}}:
            assert set(hass.services.async_services_for_domain("script")) >= set(scripts)
        case {"logger": _}:
            assert logging.getLogger("custom_components.gppde.refills.refill").isEnabledFor(
                logging.DEBUG
            )
        case _:
            pytest.fail("Nobody tries an example of this kind.")


async def understand(hass: HomeAssistant, domain: str, configs: list[dict[str, Any]]) -> None:
    """Set automations up; one that cannot be used would be there, but unavailable."""
    assert await async_setup_component(hass, domain, {domain: configs})
    await hass.async_block_till_done()
    assert [state.state for state in hass.states.async_all(domain)] == ["on"] * len(configs)
    await hass.services.async_call(domain, "turn_off", {"entity_id": "all"}, blocking=True)


def test_each_repair_is_told_by_its_title_and_whether_it_has_a_button() -> None:
    page = (ROOT / "docs" / "troubleshooting.md").read_text()
    table = page.partition("## Each repair")[2].partition("\n## ")[0]
    told = re.findall(r"^\| \*(.+)\* \| .+ \| (.+) \|$", table, re.MULTILINE)
    titles = {
        key: re.sub(r"{\w+}", "…", TEXTS["issues"][key]["title"])
        for key in get_args(IssueKey.__value__)
    }
    assert sorted(title for title, _ in told) == sorted(titles.values())
    without_button = {title for title, button in told if button.startswith("it has none")}
    assert without_button == {title for key, title in titles.items() if key in TOLD_ONLY}


@pytest.mark.parametrize(("page", "target"), links())
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    linked = page.parent / path if path else page
    assert linked.exists()
    assert not anchor or anchor in anchors(linked)
