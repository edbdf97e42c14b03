"""Every sentence in docs/voice.md is understood."""

import re
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from ..assistant import meet_assistant
from ..helpers import RecordingPlayer, make_entry, persona, put_on_disk, set_up

DOCS = Path(__file__).parents[3] / "docs" / "voice.md"
SECTIONS = ["English", "Deutsch", "Français", "Español", "Nederlands"]


def sentences(section: str) -> list[str]:
    [text] = re.findall(rf"^### {section}$(.*?)^##", DOCS.read_text(), re.DOTALL | re.MULTILINE)
    return re.findall(r"\*([^*]+)\*", text)


@pytest.mark.parametrize("section", SECTIONS)
async def test_what_the_docs_say_one_can_say_is_understood(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_ws_client: WebSocketGenerator,
    section: str,
) -> None:
    put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass, personas=[persona(low_water=0)]))
    assistant = await meet_assistant(hass, hass_ws_client)
    understood = sentences(section)
    assert len(understood) >= 13
    for sentence in understood:
        assert await assistant.hears(sentence), sentence
