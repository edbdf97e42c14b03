"""Are the lines that fit chosen, and none of the others?"""
# ruff: noqa: RUF001

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.gppde.const import Tone
from custom_components.gppde.mood import Said, choose, fault_of, mood_of, tidy
from custom_components.gppde.mood.feeling import FITS, Feeling, Vader
from custom_components.gppde.mood.form import LONGEST
from custom_components.gppde.mood.safety import is_safe
from custom_components.gppde.quips.quip import speakable
from tests.gppde.assistants import lines_in

MIXED = [line for tone in Tone for line in lines_in(tone)[:30]]


@pytest.mark.parametrize("tone", Tone)
def test_of_all_that_was_written_what_is_in_the_tone_is_chosen_best_first(tone: Tone) -> None:
    chosen = choose(MIXED, tone, "en", Said(), 20)
    assert len(chosen) == 20
    fit = FITS[tone]
    assert all(fit.lowest <= line.mood <= fit.highest for line in chosen)
    distances = [abs(line.mood - fit.ideal) for line in chosen]
    assert distances == sorted(distances)


def test_sunny_and_sombre_have_no_line_in_common() -> None:
    sunny = {line.text for line in choose(MIXED, Tone.SUNNY, "en-GB", Said(), 99)}
    sombre = {line.text for line in choose(MIXED, Tone.SOMBRE, "en_US", Said(), 99)}
    assert sunny
    assert sombre
    assert not sunny & sombre


@pytest.mark.parametrize("tone", [Tone.SARCASTIC, Tone.COMICAL])
def test_these_tones_want_a_point_made(tone: Tone) -> None:
    assert not FITS[tone].takes(Feeling(0.1, 0.1, 0.0))
    assert FITS[tone].takes(Feeling(0.1, 0.1, 0.1)), "of two minds"
    assert FITS[tone].takes(Feeling(0.5, 0.4, 0.0)), "strong"


@pytest.mark.parametrize("tone", Tone)
def test_lines_that_people_wrote_for_doors_have_no_fault(tone: Tone) -> None:
    assert [line for line in lines_in(tone) if fault_of(line) or not is_safe(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "Willkommen zu Hause, mein Freund!",
        "Oh là là ! Vous voilà enfin ?",
        "¿Otra vez tú? Pasa, pasa.",
        "«Добро пожаловать домой, друг мой.»",
        "欢迎回家，门很高兴见到你。",
        "أهلا بك في بيتك يا صديقي؟",
        "Die Klinke klemmt, aber 90 % von mir freuen sich.",
    ],
)
def test_no_language_is_a_fault(line: str) -> None:
    assert fault_of(tidy(line)) is None


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "is too short"),
        ("Ouch!", "is too short"),
        ("A" + "h" * LONGEST + ".", "takes too long to say"),
        ("and so we meet again.", "begins in the middle"),
        ("And so we meet", "ends in the middle"),
        ("And so we meet,", "ends in the middle"),
        ("You are *so* late.", "has signs that cannot be spoken"),
        ("Come in (sighs), then.", "has signs that cannot be spoken"),
        ("Come in 🚪 then.", "has signs that cannot be spoken"),
        ("Come in for 3 €.", "has signs that cannot be spoken"),
        ("Come in \ud800 then.", "has signs that cannot be spoken"),
        ("Come in \u202e then.", "has signs that cannot be spoken"),
        ("Visit www.doors.example today.", "holds an address"),
        ("My number is 123456.", "holds a list of numbers"),
        ("Come come come in, then.", "stutters"),
        ("Come in,, then.", "has stray punctuation"),
        ("Come in......", "has stray punctuation"),
    ],
)
def test_what_cannot_be_spoken_well_has_a_fault(line: str, fault: str) -> None:
    assert fault_of(line) == fault


@pytest.mark.parametrize(
    "raw",
    [
        "Mind the gap, my dear.",
        '  "Mind  the gap,\n my dear." ',
        "12. Mind the gap, my dear.",
        "- “Mind the gap, my dear.”",
        "3) Mind the gap, my dear.",
    ],
)
def test_numbering_and_quotes_around_a_line_are_not_part_of_it(raw: str) -> None:
    assert tidy(raw) == "Mind the gap, my dear."


def test_a_number_that_a_line_begins_with_stays() -> None:
    assert tidy("12 visitors today, and you are the best.").startswith("12 visitors")


@pytest.mark.parametrize("line", ["Kill the lights.", "What a bloody, stabbing pain.", "Sexy!"])
def test_what_is_not_for_guests_is_not_safe(line: str) -> None:
    assert not is_safe(line)
    assert is_safe("I assess the class, and classify the grass.")


@pytest.mark.parametrize(
    ("said", "line", "is_repeated"),
    [
        ("I open, therefore I am.", "I open, therefore I am!", True),
        ("I open, therefore I am.", "Therefore I am, I open", True),
        ("You are late again, and I waited.", "You are late again, and I watched.", True),
        ("You are late again, and I waited.", "You are late again, you old badger.", False),
        ("欢迎回家，门很高兴见到你。", "欢迎回家，门很高兴见到你！", True),
        ("欢迎回家，门很高兴见到你。", "今天天气真好，请慢慢走。", False),
        ("...", "...", False),
    ],
)
def test_what_was_nearly_said_before_is_a_repetition(
    said: str, line: str, is_repeated: bool
) -> None:
    assert (line in Said([said])) is is_repeated


def test_lines_that_people_wrote_do_not_repeat_one_another() -> None:
    said = Said()
    for line in MIXED:
        assert line not in said
        said.add(line)


def test_the_mood_is_told_of_english_alone() -> None:
    assert mood_of("What a wonderful, happy day.", "en-GB") > 0.5
    assert mood_of("What a sad, lonely day.", "en") < -0.5
    assert mood_of("What a wonderful, happy day.", "de") == 0.0


LINES = st.lists(st.one_of(st.text(max_size=200), st.sampled_from(MIXED)), max_size=30)


@settings(deadline=None, max_examples=60)
@given(
    candidates=LINES,
    tone=st.sampled_from(Tone),
    language=st.sampled_from(["en", "de-DE"]),
    most=st.integers(0, 5),
    said=st.lists(st.sampled_from(MIXED), max_size=20),
)
def test_whatever_was_written_only_what_can_be_a_quip_is_chosen(
    candidates: list[str], tone: Tone, language: str, most: int, said: list[str]
) -> None:
    chosen = choose(candidates, tone, language, Said(said), most)
    assert len(chosen) <= most
    texts = [line.text for line in chosen]
    assert len(set(texts)) == len(texts)
    assert not set(texts) & set(said)
    for line in chosen:
        assert fault_of(line.text) is None
        assert speakable(line.text) == line.text
        assert -1 <= line.mood <= 1
    if language == "en":
        vader = Vader()
        assert all(FITS[tone].takes(vader.feeling_of(text)) for text in texts)


@settings(max_examples=200)
@given(st.text(max_size=3000))
def test_tidying_is_done_once_and_bounds_every_line(raw: str) -> None:
    tidied = tidy(raw)
    assert len(tidied) <= 1000
    assert "\n" not in tidied
    assert tidied == tidied.strip()
