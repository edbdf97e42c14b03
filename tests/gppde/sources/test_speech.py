"""Does what an engine says become an mp3, and whatever else it does an error in words?"""

import asyncio
from io import BytesIO
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import (
    EngineMissingError,
    LanguageError,
    SpeechError,
    VoiceError,
)
from custom_components.gppde.mood import Line
from custom_components.gppde.quips.mp3 import measure
from custom_components.gppde.sources import Brief, speech
from custom_components.gppde.sources.speech import (
    quip_spoken,
    speak_text,
    spoken_language,
)

from ..assistants import VOICE, Speaker, make_wav, move_in
from ..helpers import make_mp3

TEXT = "I open, therefore I am."


async def test_an_engine_speaks_and_its_mp3_is_returned(hass: HomeAssistant) -> None:
    voice = Speaker(("mp3", make_mp3(1.5)))
    await move_in(hass, voice)
    mp3 = await speak_text(hass, TEXT, VOICE)
    assert voice.said == [TEXT]
    assert measure(BytesIO(mp3)) == pytest.approx(1.5, abs=0.05)


async def test_what_an_engine_says_as_wav_becomes_an_mp3(hass: HomeAssistant) -> None:
    await move_in(hass, Speaker(("wav", make_wav(1.0))))
    mp3 = await speak_text(hass, TEXT, VOICE)
    assert measure(BytesIO(mp3)) == pytest.approx(1.0, abs=0.2)


async def test_a_wav_that_is_loud_at_first_lasts_as_long_as_it_sounds(hass: HomeAssistant) -> None:
    await move_in(hass, Speaker(("wav", make_wav(2.0, noise=1.0))))
    mp3 = await speak_text(hass, TEXT, VOICE)
    brief = Brief(name="Hinge", description="", tone=Tone.SUNNY, voice="")
    quip = quip_spoken(brief, Line(TEXT), mp3, model="", voice=VOICE)
    assert quip.duration == pytest.approx(3.0, abs=0.15)


async def test_without_ffmpeg_a_wav_is_no_quip(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    await move_in(hass, Speaker(("wav", make_wav())))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SpeechError, match="ffmpeg, which would make one of it, is not installed"):
        await speak_text(hass, TEXT, VOICE)


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (("mp3", make_wav()), "is no mp3"),
        (("mp3", b"<html>"), "is no mp3"),
        (("mp3", b""), "is no mp3"),
        (("mp3", make_mp3(0.1)), "made a sound of 0.1 seconds"),
        (("mp3", make_mp3(62)), "made a sound of 6"),
        (("wav", b"<html>"), "did not speak"),
        (None, "did not speak"),
        (HomeAssistantError("You are out of credits."), "You are out of credits."),
        (ValueError("bad"), "did not speak: bad"),
        (KeyError("audio"), "did not speak: 'audio'"),
        (ConnectionResetError(), "did not speak: ConnectionResetError"),
        (NotImplementedError(), "did not speak: NotImplementedError"),
    ],
)
async def test_what_is_no_proper_mp3_is_told(hass: HomeAssistant, sound: Any, words: str) -> None:
    await move_in(hass, Speaker(sound))
    with pytest.raises(SpeechError, match=words):
        await speak_text(hass, TEXT, VOICE)
    assert await speak_text(hass, "Another line.", VOICE), "the next one may go well"


async def test_an_engine_that_hangs_is_not_waited_for(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "PATIENCE", 0.05)
    await move_in(hass, Speaker(0.5))
    with pytest.raises(SpeechError, match="did not speak within"):
        await speak_text(hass, TEXT, VOICE)
    await asyncio.sleep(0.5)  # let it end, for nobody can be stopped from speaking


async def test_an_engine_that_is_not_there_is_told(hass: HomeAssistant) -> None:
    with pytest.raises(EngineMissingError, match=r"no text-to-speech engine tts\.voice"):
        await speak_text(hass, TEXT, VOICE)
    entry = await move_in(hass, Speaker())
    with pytest.raises(EngineMissingError, match=r"tts\.other"):
        await speak_text(hass, TEXT, "tts.other")
    assert await hass.config_entries.async_unload(entry.entry_id)
    with pytest.raises(EngineMissingError):
        await speak_text(hass, TEXT, VOICE)


@pytest.mark.parametrize(
    ("home", "country", "spoken", "language"),
    [
        ("en", None, ["de-DE", "en-GB", "en-US"], "en-US"),
        ("en", "GB", ["de-DE", "en-US", "en-GB"], "en-GB"),
        ("de", "DE", ["en-US", "de-AT", "de-DE"], "de-DE"),
        ("nl", "NL", ["de-DE", "en-GB"], "en-GB"),
        ("nl", "NL", ["de-DE"], "en-US"),
    ],
)
async def test_the_language_is_home_assistants_or_english_or_the_engines(
    hass: HomeAssistant, home: str, country: str | None, spoken: list[str], language: str
) -> None:
    hass.config.language, hass.config.country = home, country
    await move_in(hass, Speaker(languages=spoken))
    assert spoken_language(hass, VOICE) == language


async def test_the_language_that_is_wanted_is_spoken(hass: HomeAssistant) -> None:
    voice = Speaker()
    await move_in(hass, voice)
    await speak_text(hass, TEXT, VOICE, "de")
    assert voice.spoken_in == [("de-DE", None)]
    with pytest.raises(LanguageError, match="does not speak fr, but en-US, en-GB, de-DE"):
        await speak_text(hass, TEXT, VOICE, "fr")


async def test_the_voice_that_is_wanted_speaks(hass: HomeAssistant) -> None:
    voice = Speaker(voices=["amy", "ben"])
    await move_in(hass, voice)
    await speak_text(hass, TEXT, VOICE, "en", "ben")
    assert voice.spoken_in == [("en-US", "ben")]
    with pytest.raises(VoiceError, match="no voice cid, but amy, ben"):
        await speak_text(hass, TEXT, VOICE, "en", "cid")


async def test_an_engine_that_names_no_voices_is_believed_to_have_it(hass: HomeAssistant) -> None:
    voice = Speaker(voices=[])
    await move_in(hass, voice)
    await speak_text(hass, TEXT, VOICE, "en", "cid")
    assert voice.spoken_in == [("en-US", "cid")]


async def test_an_engine_with_one_voice_takes_no_other(hass: HomeAssistant) -> None:
    await move_in(hass, Speaker())
    with pytest.raises(VoiceError, match="one voice only"):
        await speak_text(hass, TEXT, VOICE, "en", "amy")


async def test_long_lists_are_cut_short(hass: HomeAssistant) -> None:
    await move_in(hass, Speaker(languages=[f"{a}{b}" for a in "abc" for b in "klmno"]))
    with pytest.raises(LanguageError, match="…"):
        await speak_text(hass, TEXT, VOICE, "fr")
