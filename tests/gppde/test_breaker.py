"""When is a refill tried again?"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.breaker import Breaker

VIENNA = ZoneInfo("Europe/Vienna")
NOON = datetime(2026, 11, 21, 12, tzinfo=VIENNA)


class Clock:
    """Local time that moves when told."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        elapsed = self.now.astimezone(UTC) + timedelta(**time)
        self.now = elapsed.astimezone(self.now.tzinfo)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.fail()


def may_try_after(clock: Clock, breaker: Breaker, **time: float) -> bool:
    clock.advance(**time)
    return breaker.may_try


def test_at_first_anything_may_be_tried(breaker: Breaker) -> None:
    assert breaker.may_try
    assert not breaker.is_open


@pytest.mark.parametrize(("failures", "minutes"), [(1, 1), (2, 5)])
def test_the_pause_grows_with_each_failure_in_a_row(
    breaker: Breaker, clock: Clock, failures: int, minutes: int
) -> None:
    fail(breaker, failures)
    assert not may_try_after(clock, breaker, minutes=minutes, seconds=-1)
    assert may_try_after(clock, breaker, seconds=1)
    assert not breaker.is_open


def test_after_three_failures_nothing_is_tried_before_the_next_local_day(
    breaker: Breaker, clock: Clock
) -> None:
    fail(breaker, 3)
    assert breaker.is_open
    assert not may_try_after(clock, breaker, hours=11, minutes=59, seconds=59)
    assert may_try_after(clock, breaker, seconds=1)
    assert clock().date() == date(2026, 11, 22)


def test_on_the_next_day_the_failures_are_counted_anew(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.advance(days=1)
    breaker.fail()
    assert not breaker.is_open
    assert may_try_after(clock, breaker, minutes=1)


def test_a_person_or_a_success_closes_it_at_once(breaker: Breaker) -> None:
    fail(breaker, 3)
    breaker.close()
    assert breaker.may_try
    assert not breaker.is_open


def test_the_long_day_on_which_the_clocks_go_back_is_waited_out(clock: Clock) -> None:
    breaker = Breaker(clock)
    clock.now = datetime(2026, 10, 25, 0, 0, 1, tzinfo=VIENNA)
    fail(breaker, 3)
    assert not may_try_after(clock, breaker, hours=24, minutes=59)
    assert may_try_after(clock, breaker, minutes=1)


def test_a_clock_that_was_years_ahead_does_not_stop_the_refills_for_years(
    breaker: Breaker, clock: Clock
) -> None:
    clock.now = NOON.replace(year=2036)
    fail(breaker, 3)
    clock.now = NOON
    assert breaker.may_try


@given(
    st.lists(st.tuples(st.integers(0, 24 * 60), st.booleans()), max_size=60),
    st.sampled_from([VIENNA, UTC, ZoneInfo("Pacific/Chatham"), ZoneInfo("America/Santiago")]),
)
def test_no_day_sees_more_than_three_failures_in_a_row(
    looks: list[tuple[int, bool]], zone: ZoneInfo
) -> None:
    clock = Clock(datetime(2026, 3, 27, 12, tzinfo=UTC).astimezone(zone))
    breaker = Breaker(clock)
    failures: Counter[date] = Counter()
    for minutes, works in looks:
        clock.advance(minutes=minutes)
        if not breaker.may_try:
            continue
        if works:
            breaker.close()
            failures.clear()
        else:
            breaker.fail()
            failures[clock().date()] += 1
        assert max(failures.values(), default=0) <= 3
    clock.advance(hours=25)
    assert breaker.may_try
