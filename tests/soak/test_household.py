"""Are the drawn days those of a household, in a week that is worth to be lived?"""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from .happenings import HAPPENINGS
from .household import BUSY, CALM, DOORS, HERE, PERSONAS, WEEK, Days, beginning


@given(st.timedeltas(timedelta(), timedelta(days=9999)))
def test_the_week_crosses_a_change_of_the_clocks_and_the_end_of_a_month(later: timedelta) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC) + later
    begins = beginning(now)
    ends = (begins.astimezone(UTC) + WEEK).astimezone(HERE)
    assert timedelta() < begins - now < timedelta(days=250)
    assert begins.utcoffset() != ends.utcoffset()
    assert begins.month != ends.month


def test_twenty_doors_speak_for_five_personas_and_each_of_them_has_some() -> None:
    assert len({door.key for door in DOORS}) == 20
    assert {door.persona for door in DOORS} == set(PERSONAS)


@given(st.integers())
def test_somebody_passes_a_few_doors_each_of_them_once(seed: int) -> None:
    doors = list(Days(random.Random(seed)).scene())
    assert 1 <= len(doors) == len(set(doors)) <= 4


def test_a_night_is_quieter_than_a_morning() -> None:
    mean = timedelta(minutes=30)
    day = beginning(datetime(2026, 11, 21, tzinfo=UTC))
    nightly, early = (day.replace(hour=hour) for hour in (3, 7))
    days = Days(random.Random(1))
    assert days.pause(nightly, mean) > 2 * mean > mean > days.pause(early, mean)
    assert len(BUSY) == 24


def test_nothing_is_restarted_in_the_days_in_which_what_grows_is_measured() -> None:
    assert [happening.at for happening in HAPPENINGS] == sorted(one.at for one in HAPPENINGS)
    assert HAPPENINGS[-1].at < CALM < WEEK
