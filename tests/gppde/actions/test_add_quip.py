"""A person has a line of their own spoken."""

import re
from pathlib import Path
from typing import Any

import pytest
import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from homeassistant.util.yaml import parse_yaml
from pytest_homeassistant_custom_component.common import MockConfigEntry

import custom_components.gppde
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.personas.persona import stocks_folder
from tests.gppde.assistants import CHOICE, VOICE, Speaker, make_assist_entry, make_wav, move_in
from tests.gppde.faulty_disk import disk, out_of_space
from tests.gppde.helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    entity_id,
    find_issue,
    make_entry,
    move,
    put_on_disk,
    set_up,
    state_of,
)

DOCUMENTATION = Path(custom_components.gppde.__file__).parents[2] / "docs" / "assist.md"
TEXT = "Dinner is ready, and so am I. What a wonderful evening."


@pytest.fixture
async def entry(hass: HomeAssistant, player: RecordingPlayer) -> MockConfigEntry:
    """An entry with nine quips, which needs no more."""
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    return await set_up(hass, make_entry(hass))


def device_id(hass: HomeAssistant, key: str = "quip_stock", owner: str = PERSONA) -> str:
    platform = "sensor" if owner == PERSONA else "event"
    entity = er.async_get(hass).async_get(entity_id(hass, platform, key, owner))
    assert entity
    assert entity.device_id
    return entity.device_id


async def add(hass: HomeAssistant, **fields: Any) -> Any:
    given = {"text": TEXT} | fields
    if "persona" not in given:
        given["persona"] = device_id(hass)
    return await hass.services.async_call(
        DOMAIN, "add_quip", given, blocking=True, return_response=True
    )


def fresh(hass: HomeAssistant) -> str:
    return state_of(hass, "sensor", "quip_stock", PERSONA).state


async def test_the_text_is_spoken_stored_and_said_in_its_turn(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Said {n}." for n in range(9)), heap="stale")
    speaker = Speaker()
    await move_in(hass, speaker)
    entry = await set_up(hass, make_entry(hass))
    await hass.async_block_till_done(wait_background_tasks=True)
    answer = await add(hass, text=f"  {TEXT}\n")
    assert speaker.said == [TEXT]
    quip = entry.runtime_data.personas[PERSONA].stock.get(answer["uuid"])
    assert quip
    assert (quip.text, quip.persona, quip.tone) == (TEXT, "Hinge", "sunny")
    assert (quip.voice, quip.model) == (VOICE, "")
    assert quip.mood > 0.2
    assert (stocks_folder(hass) / PERSONA / "fresh" / f"{quip.uuid}.mp3").exists()
    await move(hass, "on")
    assert quip.uuid in player.played[0]


async def test_nobody_has_to_want_the_answer(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await move_in(hass, Speaker())
    fields = {"persona": [device_id(hass)], "text": TEXT}
    await hass.services.async_call(DOMAIN, "add_quip", fields, blocking=True)
    assert fresh(hass) == "10"


async def test_engine_language_and_voice_are_as_they_are_named(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    other = Speaker(entity_id="tts.other", voices=["amy"])
    await move_in(hass, Speaker(), other)
    await add(hass, engine="tts.other", language="de", voice="amy")
    assert other.spoken_in == [("de-DE", "amy")]


@pytest.mark.parametrize("source", ["assist", "stand-in"])
async def test_the_engine_that_was_chosen_for_quips_is_the_usual_one(
    hass: HomeAssistant, player: RecordingPlayer, source: str
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    chosen = Speaker(entity_id="tts.x_chosen")
    await move_in(hass, Speaker(), chosen)
    choice = CHOICE | {"tts": "tts.x_chosen"}
    entry = make_assist_entry(hass, **choice) if source == "assist" else make_entry(hass)
    hass.config_entries.async_update_entry(entry, options={"stand_in": choice})
    await set_up(hass, entry)
    await add(hass)
    assert chosen.said == [TEXT]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is nothing to say"),
        (" \n\t ", "There is nothing to say"),
        ("\x00\x07", "There is nothing to say"),
        ("So " * 200, "has 600 characters, and a quip has 500"),
    ],
)
async def test_a_text_that_is_none_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, text: str, words: str
) -> None:
    speaker = Speaker()
    await move_in(hass, speaker)
    with pytest.raises(ServiceValidationError, match=words):
        await add(hass, text=text)
    assert speaker.said == []


@pytest.mark.parametrize(
    "fields",
    [{"persona": []}, {"persona": ["a", "b"]}, {"text": None}, {"engine": "piper"}, {"pitch": 2}],
)
async def test_a_malformed_call_is_refused(
    hass: HomeAssistant, entry: MockConfigEntry, fields: dict[str, Any]
) -> None:
    with pytest.raises(vol.Invalid):
        await add(hass, **fields)


async def test_who_is_no_persona_is_refused(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await move_in(hass, Speaker())
    with pytest.raises(ServiceValidationError, match="No persona was chosen"):
        await add(hass, persona="")
    with pytest.raises(ServiceValidationError, match="nonsense"):
        await add(hass, persona="nonsense")
    with pytest.raises(ServiceValidationError, match="Front door is not one of"):
        await add(hass, persona=device_id(hass, "quip", DOOR))
    assert fresh(hass) == "9"


async def test_without_an_entry_it_says_so(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await add(hass, persona="any")


async def test_without_any_engine_it_says_what_to_add(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    with pytest.raises(ServiceValidationError, match="has no text-to-speech engine"):
        await add(hass)


async def test_an_engine_that_is_not_there_is_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await move_in(hass, Speaker())
    with pytest.raises(HomeAssistantError, match=r"no text-to-speech engine tts\.gone"):
        await add(hass, engine="tts.gone")


@pytest.mark.parametrize(
    ("speaker", "fields", "words"),
    [
        (Speaker(HomeAssistantError("No credits.")), {}, "No credits"),
        (Speaker(("mp3", make_wav())), {}, "is no mp3"),
        (Speaker(), {"language": "fr"}, "does not speak fr"),
        (Speaker(), {"voice": "amy"}, "one voice only"),
    ],
)
async def test_an_engine_that_does_not_speak_is_told_and_nothing_is_stored(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    speaker: Speaker,
    fields: dict[str, str],
    words: str,
) -> None:
    await move_in(hass, speaker)
    with pytest.raises(HomeAssistantError, match=words):
        await add(hass, **fields)
    assert fresh(hass) == "9"


async def test_a_full_disk_is_told_and_leaves_nothing_half_stored(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    await move_in(hass, Speaker())
    with (
        disk(error=out_of_space(), after=2),
        pytest.raises(HomeAssistantError, match=r"cannot be stored.* is full"),
    ):
        await add(hass)
    assert fresh(hass) == "9"
    assert find_issue(hass, f"disk_full_{PERSONA}")
    assert len(list((stocks_folder(hass) / PERSONA / "fresh").iterdir())) == 18

    await add(hass)
    assert fresh(hass) == "10"
    assert find_issue(hass, f"disk_full_{PERSONA}") is None


async def test_the_script_in_the_documentation_does_what_it_says(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    engine = Speaker(entity_id="tts.piper")
    await move_in(hass, engine)
    page = await hass.async_add_executor_job(DOCUMENTATION.read_text)
    [example] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    config = parse_yaml(example.replace("0123456789abcdef0123456789abcdef", device_id(hass)))
    assert isinstance(config, dict)
    assert await async_setup_component(hass, "script", config)
    await hass.services.async_call("script", "dinner", blocking=True)
    assert engine.said == ["Dinner is ready. I would come along, but I am attached to this wall."]
    assert fresh(hass) == "10"
