"""What a person copies from the documentation works, and its links lead somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml

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
        case {"template": [*_]}:
            assert await async_setup_component(hass, "template", example)
        case {"action": _}:
            cv.SCRIPT_SCHEMA([example])
        case [{"action": _}, *_]:
            cv.SCRIPT_SCHEMA(example)
        case _:
            assert example, "an example is more than a comment"


async def understand(hass: HomeAssistant, domain: str, configs: list[dict[str, Any]]) -> None:
    """Set automations up; one that cannot be used would be there, but unavailable."""
    assert await async_setup_component(hass, domain, {domain: configs})
    await hass.async_block_till_done()
    assert [state.state for state in hass.states.async_all(domain)] == ["on"] * len(configs)
    await hass.services.async_call(domain, "turn_off", {"entity_id": "all"}, blocking=True)


@pytest.mark.parametrize(("page", "target"), links())
def test_a_link_leads_somewhere(page: Path, target: str) -> None:
    path, _, anchor = target.partition("#")
    linked = page.parent / path if path else page
    assert linked.exists()
    assert not anchor or anchor in anchors(linked)
