"""A persona that speaks like somebody: what a person is told while its stock is refilled."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.translation import async_get_translations

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.personas.clip_issues import ClipKey

from ..clips import WAV, clip_id, put_clip, voices_folder
from ..helpers import (
    PERSONA,
    RecordingPlayer,
    find_issue,
    make_entry,
    persona,
    press,
    put_on_disk,
    set_up,
    state_of,
)
from ..quipgen_double import Quipgen

LATCH = "persona-2"


@pytest.fixture
async def clip(hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen) -> str:
    """The clip of Latch, who lacks one quip, and asks for none by itself."""
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    put_on_disk(hass, "Click.", persona=LATCH)
    clip = put_clip(hass)
    settings: dict[str, Any] = {"clip": clip, "target": 2, "low_water": 0}
    personas = [persona(), persona(LATCH, "Latch", **settings)]
    await set_up(hass, make_entry(hass, url=quipgen.url, personas=personas))
    return clip


async def told(hass: HomeAssistant, category: str, key: str, **placeholders: str) -> str:
    texts = await async_get_translations(hass, "en", category, {DOMAIN})
    return texts[f"component.{DOMAIN}.{category}.{key}"].format(**placeholders)


async def is_told(hass: HomeAssistant, key: ClipKey, *words: str) -> None:
    """Press the button: the person reads of it at once, and later among the repairs."""
    with pytest.raises(HomeAssistantError) as refused:
        await press(hass, "refill", LATCH)
    issue = find_issue(hass, f"{key}_{LATCH}")
    assert issue
    confirm = f"{key}.fix_flow.step.confirm.description"
    texts = [
        str(refused.value),
        await told(hass, "issues", confirm, **(issue.translation_placeholders or {})),
    ]
    for text in texts:
        assert all(word in text for word in ("Latch", *words)), text


async def test_a_persona_with_a_clip_gets_quips_in_that_voice(
    hass: HomeAssistant, clip: str, quipgen: Quipgen
) -> None:
    await press(hass, "refill", LATCH)
    assert state_of(hass, "sensor", "quip_stock", LATCH).state == "2"
    assert quipgen.clips == [WAV]
    assert quipgen.orders[0]["persona"]["voice"] == clip_id(WAV)


async def test_a_persona_without_one_keeps_the_voice_of_its_name(
    hass: HomeAssistant, clip: str, quipgen: Quipgen
) -> None:
    await press(hass, "refill", PERSONA)
    assert quipgen.clips == []
    assert quipgen.orders[0]["persona"]["voice"] == "espeak"


async def test_a_clip_that_is_gone_is_told_until_it_is_back(
    hass: HomeAssistant, clip: str, quipgen: Quipgen
) -> None:
    (voices_folder(hass) / clip).unlink()
    await is_told(hass, "clip_missing", clip)
    assert quipgen.orders == []
    put_clip(hass)
    await press(hass, "refill", LATCH)
    assert not find_issue(hass, f"clip_missing_{LATCH}")


async def test_a_server_that_cannot_clone_is_told_with_what_to_start_it_with(
    hass: HomeAssistant, clip: str, quipgen: Quipgen
) -> None:
    quipgen.no_clip = "no_cloning_voice"
    await is_told(hass, "no_cloning_voice", "--voice-engine pocket-tts")
    assert quipgen.orders == []
    quipgen.no_clip = ""
    await press(hass, "refill", LATCH)
    assert not find_issue(hass, f"no_cloning_voice_{LATCH}")


async def test_a_clip_that_the_server_does_not_take_is_told_in_its_words(
    hass: HomeAssistant, clip: str, quipgen: Quipgen
) -> None:
    quipgen.no_clip = "clip"
    await is_told(hass, "clip_refused", "It is noise.")
    assert state_of(hass, "sensor", "quip_stock", LATCH).state == "1"
