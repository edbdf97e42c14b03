"""A person lets Home Assistant itself write and speak."""

from typing import Any

import pytest
from homeassistant.components.ai_task import AITaskEntityFeature
from homeassistant.components.ai_task.const import DATA_PREFERENCES
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownHandler
from homeassistant.exceptions import HomeAssistantError

from tests.gppde.assistants import (
    CHOICE,
    WRITER,
    Speaker,
    Writer,
    make_assist_entry,
    make_wav,
    move_in,
)
from tests.gppde.helpers import PERSONA, press, put_on_disk, set_up, state_of

from .forms import prefilled, read, start, submit


async def test_whoever_is_there_is_proposed_and_tried_and_becomes_the_source(
    hass: HomeAssistant,
) -> None:
    writer, speaker = Writer(), Speaker()
    await move_in(hass, writer, speaker)
    form = await start(hass, "assist")
    assert prefilled(form) == CHOICE
    result = await submit(hass, form, prefilled(form))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.data == {"source": "assist", **CHOICE}
    assert entry.state is ConfigEntryState.LOADED
    assert speaker.said == ["GPPDE."]
    assert writer.asked == [], "it may cost"
    [persona] = entry.runtime_data.personas.values()
    assert persona.brief.name == "Squeak"


async def test_a_refill_is_written_and_spoken_by_home_assistant(hass: HomeAssistant) -> None:
    writer, speaker = Writer(), Speaker()
    await move_in(hass, writer, speaker)
    put_on_disk(hass, *(f"Line {n}." for n in range(7)))
    await set_up(hass, make_assist_entry(hass))
    await press(hass, "refill", PERSONA)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert len(speaker.said) == 3


async def test_the_favourite_writer_is_proposed_and_no_painter(hass: HomeAssistant) -> None:
    painter = Writer(entity_id="ai_task.a_painter")
    painter._attr_supported_features = AITaskEntityFeature.GENERATE_IMAGE
    await move_in(hass, painter, Writer(), Writer(entity_id="ai_task.x_best"), Speaker())
    assert prefilled(await start(hass, "assist"))["ai_task"] == WRITER
    hass.data[DATA_PREFERENCES].async_set_preferences(gen_data_entity_id="ai_task.x_best")
    assert prefilled(await start(hass, "assist"))["ai_task"] == "ai_task.x_best"


@pytest.mark.parametrize(
    ("there", "errors"),
    [
        ([], {"ai_task": "no_writer", "tts": "no_engine"}),
        ([Speaker], {"ai_task": "no_writer"}),
        ([Writer], {"tts": "no_engine"}),
    ],
)
async def test_what_home_assistant_lacks_is_told_and_may_be_added_meanwhile(
    hass: HomeAssistant, there: list[Any], errors: dict[str, str]
) -> None:
    await move_in(hass, *(each() for each in there))
    form = await start(hass, "assist")
    form = await submit(hass, form, prefilled(form))
    assert form["errors"] == errors
    await move_in(hass, *(each() for each in (Writer, Speaker) if each not in there))
    result = await submit(hass, form, CHOICE)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"ai_task": "ai_task.gone"}, {"ai_task": "no_such_writer"}),
        ({"ai_task": "ai_task.painter"}, {"ai_task": "no_such_writer"}),
        ({"ai_task": None}, {"ai_task": "no_such_writer"}),
        ({"tts": "tts.gone"}, {"tts": "no_such_engine"}),
        ({"tts": None}, {"tts": "no_such_engine"}),
        ({"tts": "tts.german", "language": "en-US"}, {"language": "language_unknown"}),
        ({"voice": "carl"}, {"voice": "voice_unknown"}),
        ({"tts": "tts.german", "voice": "amy"}, {"voice": "voice_unknown"}),
        ({"tts": "tts.mute"}, {"tts": "engine_failed"}),
        ({"tts": "tts.noisy"}, {"tts": "engine_failed"}),
    ],
)
async def test_what_cannot_work_is_told_at_its_field(
    hass: HomeAssistant, changes: dict[str, str | None], errors: dict[str, str]
) -> None:
    painter = Writer(entity_id="ai_task.painter")
    painter._attr_supported_features = AITaskEntityFeature.GENERATE_IMAGE
    await move_in(
        hass,
        painter,
        Writer(),
        Speaker(voices=["amy"]),
        Speaker(languages=["de-DE"], entity_id="tts.german"),
        Speaker(HomeAssistantError("No credits."), entity_id="tts.mute"),
        Speaker(("mp3", make_wav()), entity_id="tts.noisy"),
    )
    form = await start(hass, "assist")
    answers = {key: it for key, it in (CHOICE | changes).items() if it}
    form = await submit(hass, form, answers)
    assert form["errors"] == errors
    assert prefilled(form) == answers
    result = await submit(hass, form, CHOICE | {"language": "en-GB", "voice": " amy "})
    assert result["data"] == {"source": "assist", **CHOICE, "language": "en-GB", "voice": "amy"}


async def test_the_choice_can_be_changed_and_the_doors_stay(hass: HomeAssistant) -> None:
    await move_in(hass, Writer(), Speaker(), Speaker(entity_id="tts.other", voices=["amy"]))
    entry = make_assist_entry(hass, language="en-GB")
    subentries = dict(entry.subentries)
    form = read(await entry.start_reconfigure_flow(hass))
    assert prefilled(form) == {**CHOICE, "language": "en-GB"}
    result = await submit(hass, form, {"ai_task": WRITER, "tts": "tts.other", "voice": "amy"})
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {"source": "assist", "ai_task": WRITER, "tts": "tts.other", "voice": "amy"}
    assert entry.subentries == subentries


async def test_home_assistant_itself_has_no_stand_in(hass: HomeAssistant) -> None:
    entry = make_assist_entry(hass)
    assert not entry.supports_options
    with pytest.raises(UnknownHandler):
        await hass.config_entries.options.async_init(entry.entry_id)
