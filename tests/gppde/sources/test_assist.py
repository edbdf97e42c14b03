"""Are quips made by Home Assistant's own AI and voice, whatever these two do?"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from io import BytesIO

import probatio
import pytest
from aiohttp import ClientError
from homeassistant.components.ai_task import AITaskEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import SourceError
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.quips.mp3 import measure
from custom_components.gppde.sources import (
    Brief,
    Event,
    Made,
    Order,
    Progress,
    Ticket,
    writer,
)
from custom_components.gppde.sources.assist import AssistSource
from custom_components.gppde.sources.assist_settings import AssistSettings
from custom_components.gppde.sources.writer import MOST_READ, STRUCTURE, writers
from tests.gppde.assistants import CHOICE, VOICE, WRITER, Answer, Speaker, Writer, lines_in, move_in
from tests.gppde.helpers import make_mp3

HINGE = Brief(name="Hinge", description="A cheerful door.", tone=Tone.SUNNY, voice="")
SUNNY = lines_in(Tone.SUNNY)
SOMBRE = lines_in(Tone.SOMBRE)
SOUND = ("mp3", make_mp3())
QUOTA = HomeAssistantError("You exceeded your current quota.")


class House:
    """A writer and a speaker, and the source that they are."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.hass = hass
        self.events: list[Event] = []
        self.writer = Writer()
        self.speaker = Speaker()

    async def move_in(self, *answers: Answer, speaker: Speaker | None = None) -> None:
        self.writer, self.speaker = Writer(*answers), speaker or self.speaker
        await move_in(self.hass, self.writer, self.speaker)

    async def makes(
        self,
        count: int = 3,
        *,
        brief: Brief = HINGE,
        avoid: list[str] | None = None,
        **choice: str,
    ) -> list[str]:
        """Order quips, and return what they say."""
        order = Order(brief=brief, count=count, avoid=avoid or [])
        async for event in self.source(**choice).make(order, None, self._keep):
            self.events.append(event)
        return [made.quip.text for made in self.made]

    def source(self, **choice: str) -> AssistSource:
        return AssistSource(self.hass, AssistSettings.from_choice(CHOICE | choice))

    @property
    def made(self) -> list[Made]:
        return [event for event in self.events if isinstance(event, Made)]

    @property
    def dropped(self) -> list[Dropped]:
        return [event for event in self.events if isinstance(event, Dropped)]

    @property
    def trouble(self) -> str:
        return "".join(str(event.trouble) for event in self.events if isinstance(event, Progress))

    @property
    def asked(self) -> list[str]:
        return [task.instructions for task in self.writer.asked]

    async def _keep(self, ticket: Ticket) -> None:
        raise AssertionError(ticket)


@pytest.fixture
async def house(hass: HomeAssistant) -> AsyncGenerator[House]:
    yield House(hass)
    await hass.async_block_till_done(wait_background_tasks=True)


# --- The main job ---------------------------------------------------------------------------


async def test_the_best_lines_are_spoken_and_all_is_known_of_them(house: House) -> None:
    await house.move_in({"lines": SUNNY[:9]})
    assert set(await house.makes(3)) < set(SUNNY[:9])
    assert house.speaker.said == [made.quip.text for made in house.made]
    assert len(house.writer.asked) == 1
    for made in house.made:
        quip = made.quip
        assert (quip.persona, quip.tone) == ("Hinge", "sunny")
        assert (quip.model, quip.voice) == (WRITER, VOICE)
        assert quip.mood >= 0.2
        assert quip.duration == pytest.approx(measure(BytesIO(made.mp3)), abs=0.05)


async def test_the_writer_is_told_who_speaks_how_and_what_was_said(house: House) -> None:
    await house.move_in()
    brief = replace(HINGE, description="It {loves}\n\nto be  opened.")
    await house.makes(2, brief=brief, avoid=[f"Line {n}." for n in range(99)])
    [asked] = house.asked
    assert "Write 6 different lines" in asked
    assert "The door is called Hinge. It {loves} to be opened.\n" in asked
    assert "sunny" in asked
    assert "en-US" in asked
    assert "- Line 98.\n" in asked
    assert "- Line 68." not in asked, "only the newest"
    assert house.writer.asked[0].structure is STRUCTURE


async def test_nothing_that_was_said_or_nearly_so_is_made_again(house: House) -> None:
    first, second, *rest = SUNNY[:9]
    await house.move_in({"lines": [first.upper(), second.replace(".", "!"), first, *rest]})
    made = await house.makes(2, avoid=[first, second])
    assert set(made) < set(rest)


async def test_what_does_not_fit_the_tone_is_not_spoken(house: House) -> None:
    await house.move_in({"lines": [*SOMBRE[:6], *SUNNY[:3]]})
    assert set(await house.makes(3)) == set(SUNNY[:3])


async def test_a_large_order_is_written_in_rounds_that_know_of_one_another(house: House) -> None:
    await house.move_in({"lines": SUNNY[:30]}, {"lines": SUNNY[:60]})
    made = await house.makes(15)
    assert len(set(made)) == 15
    first, second = house.asked
    assert "Write 30 different lines" in first
    assert "Write 15 different lines" in second
    assert f"- {made[9]}" in second


async def test_progress_is_told_and_a_slow_writer_is_given_time(house: House) -> None:
    await house.move_in({"lines": SUNNY[:30]}, {"lines": SUNNY[30:60]})
    await house.makes(12)
    progress = [event for event in house.events if isinstance(event, Progress)]
    assert [(each.created, each.total) for each in progress] == [(0, 12), (10, 12)]
    assert len({each.stage for each in progress}) == 2, "each round is news"
    assert all(each.patience > writer.PATIENCE for each in progress)


# --- What a writer may answer ---------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        SUNNY[:9],
        "\n".join(f"{n}. {line}" for n, line in enumerate(SUNNY[:9], 1)),
        {"lines": "\n".join(f'- "{line}"' for line in SUNNY[:9])},
        {"lines": [None, 7, {"line": "?"}, *SUNNY[:9]], "remarks": "I hope you like them."},
    ],
    ids=["bare list", "numbered text", "text in the structure", "mixed"],
)
async def test_lines_are_found_in_whatever_shape_they_come(house: House, answer: object) -> None:
    await house.move_in(answer)
    assert set(await house.makes(3)) < set(SUNNY[:9])


@pytest.mark.parametrize(
    "nonsense",
    [
        None,
        "",
        {},
        [],
        {"lines": []},
        {"lines": None},
        {"quips": SUNNY[:9]},
        42,
        "I am sorry, I cannot help with that",
        {"lines": SOMBRE[:9]},
        {"lines": ["*creaks* 🚪", "", "\x00\ud800", "x" * 10**6, "Ha. " * 100]},
    ],
)
async def test_a_writer_that_writes_nothing_of_use_is_given_up_soon(
    house: House, nonsense: object
) -> None:
    await house.move_in(*[nonsense] * 9)
    with pytest.raises(SourceError, match=r"ai_task\.writer was asked 2 times.* 0 were whole"):
        await house.makes(3)
    assert len(house.writer.asked) == 2
    assert house.speaker.said == []


async def test_of_ten_thousand_lines_the_first_are_read(house: House) -> None:
    await house.move_in({"lines": [*SUNNY[:MOST_READ], *SOMBRE] + ["And so on."] * 10_000})
    assert len(await house.makes(3)) == 3
    assert len(house.writer.asked) == 1


async def test_a_writer_that_falls_silent_costs_nothing_of_what_was_made(house: House) -> None:
    await house.move_in({"lines": SUNNY[:2]}, {}, {}, {}, {})
    assert set(await house.makes(5)) == set(SUNNY[:2])
    assert "Of the 2 lines that it wrote 2 were whole" in house.trouble
    assert len(house.writer.asked) == 3


async def test_a_writer_with_one_good_line_each_time_is_not_asked_for_ever(house: House) -> None:
    await house.move_in(*({"lines": [line]} for line in SUNNY[:20]))
    assert len(await house.makes(10)) == 4
    assert "was asked 4 times" in house.trouble


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (QUOTA, "You exceeded your current quota"),
        (NotImplementedError(), "wrote nothing: NotImplementedError"),
        (KeyError("choices"), "wrote nothing: 'choices'"),
        (ClientError("Connection lost"), "Connection lost"),
        (TypeError("NoneType"), "NoneType"),
    ],
)
async def test_a_writer_that_fails_is_told_in_its_words(
    house: House, error: Exception, words: str
) -> None:
    await house.move_in(error)
    with pytest.raises(SourceError, match=words):
        await house.makes(3)
    assert len(house.writer.asked) == 1, "who asks again is the refill, later"


async def test_a_quota_that_is_met_on_the_way_leaves_what_was_made(house: House) -> None:
    await house.move_in({"lines": SUNNY[:2]}, QUOTA)
    assert set(await house.makes(5)) == set(SUNNY[:2])
    assert "You exceeded your current quota" in house.trouble


async def test_a_writer_that_is_too_slow_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "PATIENCE", 0.05)
    await house.move_in(5.0)
    with pytest.raises(SourceError, match="did not answer within"):
        await house.makes(3)


# --- What a voice may do --------------------------------------------------------------------


async def test_a_voice_that_fails_at_the_third_quip_costs_that_one_only(house: House) -> None:
    await house.move_in(speaker=Speaker(SOUND, SOUND, HomeAssistantError("Out of breath.")))
    assert len(await house.makes(4)) == 4
    [dropped] = house.dropped
    assert "Out of breath." in str(dropped.reason)
    assert dropped.name == house.speaker.said[2]


async def test_a_voice_that_is_lost_at_the_third_quip_leaves_the_first_two(house: House) -> None:
    lost = HomeAssistantError("Out of breath.")
    await house.move_in(speaker=Speaker(SOUND, SOUND, *[lost] * 9))
    assert await house.makes(5) == house.speaker.said[:2]
    assert "tts.voice did not speak: Out of breath." in house.trouble
    assert len(house.speaker.said) == 4, "one failure may be the line's"


async def test_a_voice_that_never_speaks_is_told(house: House) -> None:
    await house.move_in(speaker=Speaker(*[("mp3", b"RIFF")] * 9))
    with pytest.raises(SourceError, match=r"What tts\.voice made is no mp3"):
        await house.makes(3)


async def test_a_personas_own_voice_speaks_where_the_engine_has_it(house: House) -> None:
    await house.move_in(speaker=Speaker(voices=["amy", "ben"]))
    await house.makes(1, brief=_voiced("ben"), voice="amy")
    await house.makes(1, brief=_voiced("en-gb"), voice="amy")
    await house.makes(1, brief=_voiced("en-gb"))
    assert house.speaker.spoken_in == [("en-US", "ben"), ("en-US", "amy"), ("en-US", None)]


async def test_lines_of_other_languages_are_taken_whatever_their_mood(house: House) -> None:
    lines = ["Nur herein, es zieht.", "Ach, du schon wieder.", "und weiter", "Die Klinke klemmt."]
    await house.move_in({"lines": lines})
    assert await house.makes(3, language="de") == [lines[0], lines[1], lines[3]]
    assert "in the language de-DE" in house.asked[0]
    assert house.speaker.spoken_in[0] == ("de-DE", None)
    assert {made.quip.mood for made in house.made} == {0.0}


# --- What is not there ----------------------------------------------------------------------


async def test_without_a_voice_nothing_is_written(house: House) -> None:
    await move_in(house.hass, house.writer)
    with pytest.raises(SourceError, match=r"no text-to-speech engine tts\.voice"):
        await house.makes()
    assert house.asked == []


async def test_without_a_writer_it_is_told_which_one_is_missing(house: House) -> None:
    await move_in(house.hass, house.speaker)
    with pytest.raises(SourceError, match=r"no AI Task entity ai_task\.writer"):
        await house.makes()


async def test_a_writer_that_is_not_loaded_is_told(hass: HomeAssistant, house: House) -> None:
    await house.move_in()
    maker = hass.config_entries.async_entries("maker")[0]
    await hass.config_entries.async_unload(maker.entry_id)
    hass.states.async_set(WRITER, "unavailable")
    await move_in(hass, Speaker(entity_id="tts.other"))
    assert writers(hass) == []
    with pytest.raises(SourceError, match="or it is unavailable"):
        await house.makes(tts="tts.other")


async def test_only_who_generates_data_writes(hass: HomeAssistant) -> None:
    painter = Writer(entity_id="ai_task.painter")
    painter._attr_supported_features = AITaskEntityFeature.GENERATE_IMAGE
    await move_in(hass, painter, Writer())
    assert writers(hass) == [WRITER]


async def test_models_can_be_told_the_structure_that_is_wanted() -> None:
    shape = probatio.to_openapi(STRUCTURE, custom_serializer=llm.selector_serializer)
    assert shape["properties"]["lines"]["type"] == "array"
    assert shape["properties"]["lines"]["items"] == {"type": "string"}
    assert shape["required"] == ["lines"]


async def test_whoever_loses_interest_stops_the_writing(house: House) -> None:
    await house.move_in(10.0)
    order = Order(brief=HINGE, count=3, avoid=[])
    events = house.source().make(order, None, house._keep)
    assert isinstance(await anext(events), Progress)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await anext(events)
    assert house.speaker.said == []


def _voiced(voice: str) -> Brief:
    return replace(HINGE, voice=voice)
