import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.form import fault_of
from quipgen_server.mood import FITS, choose, fits, mood_of
from quipgen_server.persona import Tone
from quipgen_server.said import Said

from .writers import lines_of

JOY = "What a wonderful, happy day to love a door!"
GRIEF = "I am alone, sad and terribly afraid of the dark."
PLAIN = "The step outside is wet today."


def test_moods_lie_where_people_would_say() -> None:
    assert mood_of(GRIEF) < -0.5 < mood_of(PLAIN) < 0.5 < mood_of(JOY)


@pytest.mark.parametrize(("tone", "best"), [("sunny", JOY), ("sombre", GRIEF), ("neutral", PLAIN)])
def test_a_tone_takes_the_line_that_fits_it(tone: str, best: str) -> None:
    [line] = choose([GRIEF, PLAIN, JOY], Tone(tone), Said(), 1)
    assert line == (best, mood_of(best))


def test_a_sunny_door_says_nothing_sad_even_for_want_of_better() -> None:
    assert choose([GRIEF, PLAIN], Tone.SUNNY, Said(), 5) == []


def test_the_best_fit_comes_first_and_no_more_than_wanted() -> None:
    lines = choose(lines_of(Tone.SUNNY), Tone.SUNNY, Said(), 10)
    distances = [abs(line.mood - FITS[Tone.SUNNY].ideal) for line in lines]
    assert len(lines) == 10
    assert distances == sorted(distances)


def test_what_was_said_is_not_chosen_again() -> None:
    said = Said([PLAIN.upper()])
    assert choose([PLAIN], Tone.NEUTRAL, said, 1) == []


def test_what_is_chosen_counts_as_said() -> None:
    said = Said()
    assert choose([PLAIN, f" {PLAIN} ", PLAIN.lower().capitalize()], Tone.NEUTRAL, said, 9)
    assert choose([PLAIN], Tone.NEUTRAL, said, 9) == []


def test_unsafe_and_broken_lines_are_dropped() -> None:
    assert choose(["The bloody murder was here.", "the of and"], Tone.NEUTRAL, Said(), 9) == []


@pytest.mark.parametrize("tone", Tone)
def test_most_of_what_people_wrote_for_a_tone_fits_it(tone: Tone) -> None:
    lines = lines_of(tone)
    assert len(choose(lines, tone, Said(), len(lines))) > 0.8 * len(lines)


@given(
    st.lists(st.text() | st.from_regex(r"\A[A-Z][a-z]+( [a-z]+){2,6}[.!?]\Z")),
    st.sampled_from(Tone),
)
def test_whatever_is_chosen_is_well_formed_in_tone_and_said_once(
    candidates: list[str], tone: Tone
) -> None:
    lines = choose(candidates, tone, Said(), 3)
    assert len({line.text for line in lines}) == len(lines) <= 3
    for line in lines:
        assert fault_of(line.text) is None
        assert FITS[tone].lowest <= line.mood <= FITS[tone].highest


@pytest.mark.parametrize("tone", [Tone.SARCASTIC, Tone.COMICAL])
@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("The step outside is wet today.", False),
        ("What a wonderful day to love a door!", True),
        ("I love you, and the feeling hurts.", True),
    ],
)
def test_who_makes_points_wants_strong_or_contrasting_words(
    tone: Tone, line: str, *, taken: bool
) -> None:
    assert fits(line, tone) is taken


def test_every_tone_has_its_row_in_the_table() -> None:
    assert set(FITS) == set(Tone)
    for fit in FITS.values():
        assert -1 <= fit.lowest <= fit.ideal <= fit.highest <= 1
    assert FITS[Tone.SUNNY].ideal > FITS[Tone.NEUTRAL].ideal > FITS[Tone.SOMBRE].ideal
