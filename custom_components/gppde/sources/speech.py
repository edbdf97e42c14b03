"""Lets Home Assistant's text-to-speech engines speak, to keep what they say as mp3."""

import asyncio
from datetime import UTC, datetime
from io import BytesIO
from uuid import uuid4

from homeassistant.components import tts
from homeassistant.core import HomeAssistant
from homeassistant.util import language as language_util

from ..errors import (
    ArchiveError,
    EngineMissingError,
    LanguageError,
    SpeechError,
    VoiceError,
)
from ..mood import Line
from ..quips.archive import LARGEST_FILES, LONGEST, MP3, SHORTEST
from ..quips.mp3 import measure, seconds_of
from ..quips.quip import Quip
from . import Brief

PATIENCE = 60
ENGLISH = "en"
LARGEST = LARGEST_FILES[MP3]
NAMED_AT_MOST = 10

type Engine = tts.TextToSpeechEntity | tts.Provider


def find_engine(hass: HomeAssistant, engine: str) -> Engine:
    """Return an engine by its entity id. Raises EngineMissingError."""
    is_set_up = tts.DOMAIN in hass.config.components
    if is_set_up and (found := tts.get_engine_instance(hass, engine)):
        return found
    raise EngineMissingError("There is no text-to-speech engine {engine}.", engine=engine)


def spoken_language(hass: HomeAssistant, engine: str, wanted: str | None = None) -> str:
    """Return which of an engine's languages comes nearest to the one wanted; without a wish, to
    Home Assistant's, or else to English. Raises EngineMissingError and LanguageError.
    """
    found = find_engine(hass, engine)
    for language in (wanted,) if wanted else (hass.config.language, ENGLISH):
        near = language_util.matches(language, found.supported_languages, hass.config.country)
        if near:
            return near[0]
    if wanted:
        raise LanguageError(
            "{engine} does not speak {wanted}, but {languages}.",
            engine=engine,
            wanted=wanted,
            languages=_some(found.supported_languages),
        )
    return found.default_language or ENGLISH


def check_voice(hass: HomeAssistant, engine: str, language: str, voice: str) -> None:
    """Raise VoiceError where it is known that the engine has no such voice in a language."""
    found = find_engine(hass, engine)
    if tts.ATTR_VOICE not in (found.supported_options or ()):
        raise VoiceError("{engine} has one voice only. Leave the voice empty.", engine=engine)
    known = voices(hass, engine, language)
    if known and voice not in known:
        raise VoiceError(
            "{engine} has no voice {voice}, but {voices}.",
            engine=engine,
            voice=voice,
            voices=_some(known),
        )


def voices(hass: HomeAssistant, engine: str, language: str) -> list[str]:
    """Return the voices that an engine names, which some do not."""
    named = find_engine(hass, engine).async_get_supported_voices(language)
    return [voice.voice_id for voice in named or ()]


async def speak_text(
    hass: HomeAssistant,
    text: str,
    engine: str,
    language: str | None = None,
    voice: str | None = None,
) -> bytes:
    """Return an mp3 of what an engine makes of a text. Raises SpeechError.

    Without a language it is Home Assistant's or English; without a voice the engine's own choice.
    """
    language = spoken_language(hass, engine, language)
    if voice:
        check_voice(hass, engine, language, voice)
    try:
        async with asyncio.timeout(PATIENCE):
            audio = await _audio(hass, text, engine, language, voice)
    except TimeoutError as error:
        raise SpeechError(
            "{engine} did not speak within {seconds} seconds.", engine=engine, seconds=PATIENCE
        ) from error
    except FileNotFoundError as error:
        raise SpeechError(
            "{engine} makes no mp3, and ffmpeg, which would make one of it, is not installed.",
            engine=engine,
        ) from error
    except Exception as error:  # an engine's integration may raise anything
        reason = str(error) or type(error).__name__
        raise SpeechError(
            "{engine} did not speak: {reason}", engine=engine, reason=reason
        ) from error
    _check(audio, engine)
    return audio


async def _audio(
    hass: HomeAssistant, text: str, engine: str, language: str, voice: str | None
) -> bytes:
    options = {tts.ATTR_PREFERRED_FORMAT: "mp3"}
    if voice:
        options[tts.ATTR_VOICE] = voice
    source = tts.generate_media_source_id(
        hass, text, engine=engine, language=language, options=options, cache=False
    )
    _, audio = await tts.async_get_media_source_audio(hass, source)
    return audio


def quip_spoken(brief: Brief, line: Line, mp3: bytes, *, model: str, voice: str) -> Quip:
    """Return what is known of a line that `speak_text` has spoken. It blocks."""
    return Quip(
        uuid=str(uuid4()),
        text=line.text,
        persona=brief.name,
        tone=brief.tone,
        mood=line.mood,
        model=model,
        voice=voice,
        duration=seconds_of(BytesIO(mp3)),
        created=datetime.now(UTC),
    )


def _check(audio: bytes, engine: str) -> None:
    try:
        seconds = measure(BytesIO(audio))
    except ArchiveError as error:
        raise SpeechError("What {engine} made is no mp3.", engine=engine) from error
    if not SHORTEST <= seconds <= LONGEST or len(audio) > LARGEST:
        raise SpeechError(
            "{engine} made a sound of {seconds} seconds and {size} bytes. A quip has {shortest} to "
            "{longest} seconds and {largest} bytes at most.",
            engine=engine,
            seconds=f"{seconds:.1f}",
            size=len(audio),
            shortest=SHORTEST,
            longest=LONGEST,
            largest=LARGEST,
        )


def _some(names: list[str]) -> str:
    return ", ".join(names[:NAMED_AT_MOST]) + (" …" if len(names) > NAMED_AT_MOST else "")
