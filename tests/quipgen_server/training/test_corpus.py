"""The lines that the built-in model learns from."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.form import fault_of
from quipgen_server.mood import FITS, mood_of
from quipgen_server.persona import Tone
from quipgen_server.safety import is_safe
from quipgen_server.training.corpus import Swaps, generated, grammar_of, written

SPOKEN = re.compile(r"[A-Z][A-Za-z ,.!?';:-]*[.!?]")
SWAPS = Swaps(grammar_of(Tone.NEUTRAL))
WRITTEN = [line for tone in Tone for line in written(tone)]


def is_speakable(line: str) -> bool:
    of_length = 3 <= len(line.split()) <= 22
    return bool(of_length and SPOKEN.fullmatch(line)) and not fault_of(line) and is_safe(line)


def fits(tone: Tone, line: str) -> bool:
    return FITS[tone].lowest <= mood_of(line) <= FITS[tone].highest


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_has_lines_enough_to_learn_from(tone: Tone) -> None:
    assert len(written(tone)) >= 140


def test_no_line_is_written_twice() -> None:
    assert len({line.lower() for line in WRITTEN}) == len(WRITTEN)


@pytest.mark.parametrize("tone", Tone)
def test_a_written_line_can_be_said_aloud_to_anyone(tone: Tone) -> None:
    assert [line for line in written(tone) if not is_speakable(line)] == []


@pytest.mark.parametrize("tone", Tone)
def test_nearly_all_written_lines_have_the_mood_of_their_tone(tone: Tone) -> None:
    lines = written(tone)
    assert sum(fits(tone, line) for line in lines) >= 0.9 * len(lines)


@pytest.mark.parametrize("tone", Tone)
def test_generated_lines_differ_and_are_such_as_a_batch_would_keep(tone: Tone) -> None:
    lines = generated(tone, 500, Random(7))
    assert len(set(lines)) == len(lines) == 500
    assert all(fits(tone, line) and fault_of(line) is None and is_safe(line) for line in lines)


@given(st.sampled_from(WRITTEN), st.randoms())
def test_a_retold_line_can_be_said_aloud_too(line: str, random: Random) -> None:
    assert SPOKEN.fullmatch(SWAPS.vary(line, random))


def test_a_line_is_retold_with_nouns_of_the_same_kind() -> None:
    swaps = Swaps(grammar_of(Tone.NEUTRAL))
    told = {swaps.vary("The cat sat by the wall.", Random(seed)) for seed in range(50)}
    assert len(told) > 25
    assert all(re.fullmatch(r"(The|A|An) .+ sat by the .+\.", line) for line in told)
