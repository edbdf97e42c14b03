"""An AI Task and a voice in the house: real entities of a small integration, which do as told."""

import asyncio
import io
import random
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from homeassistant.components.ai_task import (
    AITaskEntity,
    AITaskEntityFeature,
    GenDataTask,
    GenDataTaskResult,
)
from homeassistant.components.conversation import ChatLog
from homeassistant.components.tts import TextToSpeechEntity, Voice
from homeassistant.config_entries import ConfigEntry, ConfigFlow
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockModule,
    MockPlatform,
    mock_integration,
    mock_platform,
)

import quipgen_server
from custom_components.gppde.const import DOMAIN, Tone

from .helpers import door, make_mp3, persona

MAKER: Final = "maker"
WRITER: Final = "ai_task.writer"
VOICE: Final = "tts.voice"
CORPUS = Path(quipgen_server.__file__).parent / "corpus"
CHOICE = {"ai_task": WRITER, "tts": VOICE}

type Answer = object
"""What a writer answers; an exception is raised instead, a number is so many seconds of silence."""


def lines_in(tone: Tone) -> list[str]:
    """Return lines that fit a tone, and are unlike one another."""
    return (CORPUS / f"{tone}.txt").read_text(encoding="utf-8").splitlines()


def make_wav(seconds: float = 0.5, noise: float = 0) -> bytes:
    """Return silence as wav, after so many seconds of noise."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16000)
        sound.writeframes(random.Random(1).randbytes(2 * round(16000 * noise)))
        sound.writeframes(bytes(2 * round(16000 * seconds)))
    return file.getvalue()


class Writer(AITaskEntity):
    """Gives the answers it was given, then ten sunny lines that it never gave before."""

    _attr_supported_features = AITaskEntityFeature.GENERATE_DATA

    def __init__(self, *answers: Answer, entity_id: str = WRITER) -> None:
        self.entity_id = entity_id
        self._attr_unique_id = entity_id
        self.answers = list(answers)
        self.asked: list[GenDataTask] = []
        self._lines = lines_in(Tone.SUNNY)

    async def _async_generate_data(self, task: GenDataTask, chat_log: ChatLog) -> GenDataTaskResult:
        self.asked.append(task)
        answer = self.answers.pop(0) if self.answers else {"lines": self._new()}
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, float):
            await asyncio.sleep(answer)
        return GenDataTaskResult(chat_log.conversation_id, answer)

    def _new(self) -> list[str]:
        lines, self._lines = self._lines[:10], self._lines[10:]
        return lines


class Speaker(TextToSpeechEntity):
    """Says everything as half a second of silence, or what it was given instead, one by one."""

    _attr_default_language = "en-US"

    def __init__(
        self,
        *sounds: tuple[str, bytes] | Exception | float | None,
        languages: Sequence[str] = ("en-US", "en-GB", "de-DE"),
        voices: Sequence[str] | None = None,
        entity_id: str = VOICE,
    ) -> None:
        self.entity_id = entity_id
        self._attr_unique_id = self._attr_name = entity_id
        self._attr_supported_languages = list(languages)
        self._attr_supported_options = None if voices is None else ["voice"]
        self._voices = voices
        self.sounds = list(sounds)
        self.said: list[str] = []
        self.spoken_in: list[tuple[str, str | None]] = []

    def async_get_supported_voices(self, language: str) -> list[Voice] | None:  # noqa: ARG002
        return [Voice(voice, voice.title()) for voice in self._voices] if self._voices else None

    async def async_get_tts_audio(
        self, message: str, language: str, options: dict[str, Any]
    ) -> tuple[str | None, bytes | None]:
        self.said.append(message)
        self.spoken_in.append((language, options.get("voice")))
        sound = self.sounds.pop(0) if self.sounds else ("mp3", make_mp3())
        if isinstance(sound, Exception):
            raise sound
        if isinstance(sound, float):
            await asyncio.sleep(sound)
            return "mp3", make_mp3()
        return sound or (None, None)


class MakerFlow(ConfigFlow, domain=MAKER):
    """Nobody adds the small integration by hand, but an entry without a flow is not loaded."""


async def move_in(hass: HomeAssistant, *entities: Entity) -> MockConfigEntry:
    """Let a small integration bring its AI Tasks and voices into the house."""
    platforms = sorted({Platform(entity.entity_id.split(".")[0]) for entity in entities})

    async def set_up(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        await hass.config_entries.async_forward_entry_setups(entry, platforms)
        return True

    async def unload(hass: HomeAssistant, entry: ConfigEntry) -> bool:
        return await hass.config_entries.async_unload_platforms(entry, platforms)

    assert await async_setup_component(hass, "homeassistant", {})
    module = MockModule(MAKER, async_setup_entry=set_up, async_unload_entry=unload)
    mock_integration(hass, module, built_in=False)
    mock_platform(hass, f"{MAKER}.config_flow", MockPlatform())
    for platform in platforms:
        assert await async_setup_component(hass, platform, {})
        mock_platform(hass, f"{MAKER}.{platform}", _platform(platform, entities))
    entry = MockConfigEntry(domain=MAKER)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


def _platform(platform: Platform, entities: Sequence[Entity]) -> MockPlatform:
    ours = [each for each in entities if each.entity_id.startswith(f"{platform}.")]

    async def add(
        hass: HomeAssistant, entry: ConfigEntry, add_entities: AddEntitiesCallback
    ) -> None:
        add_entities(ours)

    return MockPlatform(async_setup_entry=add)


def make_assist_entry(
    hass: HomeAssistant, *, personas: Sequence[Any] | None = None, **choice: str
) -> MockConfigEntry:
    """Add an entry whose quips are made by Home Assistant itself; nothing is set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Home Assistant's AI and voice",
        data={"source": "assist", **CHOICE, **choice},
        subentries_data=[*(personas or [persona()]), door()],
    )
    entry.add_to_hass(hass)
    return entry
