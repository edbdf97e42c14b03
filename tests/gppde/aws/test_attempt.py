"""What is remembered of one try at an instance, and how long may it run?"""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import voluptuous as vol
from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.aws.attempt import LIFE, Attempt, AttemptState
from custom_components.gppde.aws.ladder import Rung

from .attempts import BEARER, NOW, RUNG, make_asked, make_attempt, make_launched

MOMENTS = st.datetimes(
    min_value=datetime(2, 1, 1),  # noqa: DTZ001
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)
NAMES = st.text(st.characters(codec="utf-8"))
RUNGS = st.builds(Rung, type=NAMES, zone=NAMES, subnet=st.none() | NAMES, is_spot=st.booleans())
ATTEMPTS = st.builds(
    Attempt,
    id=NAMES,
    home=NAMES,
    persona=NAMES,
    created=MOMENTS,
    expires=MOMENTS,
    bearer=NAMES,
    fingerprint=NAMES,
    rung=st.none() | RUNGS,
    client_token=NAMES,
    price=st.floats(0, 1e6),
    instance=st.none() | NAMES,
    address=st.none() | NAMES,
    launched=st.none() | MOMENTS,
    ended=st.none() | MOMENTS,
    state=st.sampled_from(AttemptState),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(ATTEMPTS)
def test_an_attempt_comes_back_from_the_file_as_it_went(attempt: Attempt) -> None:
    assert Attempt.parse(json.loads(json.dumps(attempt.as_json()))) == attempt


@given(st.sampled_from(sorted(make_launched().as_json())), JSON)
def test_a_garbled_attempt_is_either_refused_or_whole(field: str, value: Any) -> None:
    content = make_launched().as_json() | {field: value}
    try:
        attempt = Attempt.parse(content)
    except vol.Invalid:
        return
    assert Attempt.parse(attempt.as_json()) == attempt


@given(st.sampled_from(sorted(make_launched().as_json())))
def test_an_attempt_that_lacks_something_is_refused(field: str) -> None:
    content = make_launched().as_json()
    del content[field]
    with pytest.raises(vol.Invalid):
        Attempt.parse(content)


@pytest.mark.parametrize(
    ("field", "value"),
    [("created", "2026-11-21T12:00:00"), ("expires", "tomorrow"), ("price", -1), ("price", "0.3")],
)
def test_a_moment_without_a_zone_or_a_price_that_is_none_is_refused(field: str, value: Any) -> None:
    with pytest.raises(vol.Invalid):
        Attempt.parse(make_launched().as_json() | {field: value})


def test_two_attempts_have_nothing_in_common_that_aws_could_take_for_the_same() -> None:
    one, other = make_asked(), make_asked()
    assert one.id != other.id
    assert one.client_token != other.client_token


def test_each_rung_has_its_own_token_and_all_the_time_there_is() -> None:
    attempt = make_asked()
    first = attempt.client_token
    attempt.try_on(RUNG, 1, 0.5, NOW + timedelta(minutes=3))
    assert attempt.client_token != first
    assert attempt.expires == NOW + timedelta(minutes=3) + LIFE
    assert attempt.state is AttemptState.ASKED
    assert len(attempt.client_token) <= 64


def test_the_bearer_is_not_shown() -> None:
    assert BEARER not in repr(make_attempt())


def test_an_instance_may_run_for_twenty_minutes() -> None:
    attempt = make_launched()
    assert attempt.time_left(NOW) == timedelta(minutes=20)
    assert attempt.time_left(NOW + timedelta(minutes=19)) == timedelta(minutes=1)
    assert not attempt.time_left(NOW + timedelta(days=1))


def test_a_clock_that_was_set_forward_and_back_gives_no_more_time_than_awss_own() -> None:
    attempt = make_launched(expires=NOW + timedelta(days=1))
    assert attempt.time_left(NOW) == LIFE


@pytest.mark.parametrize("attempt", [make_asked(), make_launched()])
def test_a_clock_that_was_set_back_gives_no_time_at_all(attempt: Attempt) -> None:
    assert not attempt.time_left(NOW - timedelta(days=1))
    assert attempt.time_left(NOW - timedelta(minutes=4))


def test_what_never_had_an_instance_costs_nothing() -> None:
    assert make_asked().bill() is None


def test_an_instance_whose_end_nobody_tells_is_billed_until_its_deadline() -> None:
    bill = make_launched().bill()
    assert bill
    assert bill.ended == NOW + LIFE
    assert bill.dollars == pytest.approx(0.12)
