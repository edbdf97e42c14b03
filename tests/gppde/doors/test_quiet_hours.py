"""When a door keeps quiet."""

from datetime import time

import pytest

from custom_components.gppde.doors.quiet_hours import QuietHours

NIGHT = QuietHours(time(22), time(7))
NAP = QuietHours(time(13), time(15))


@pytest.mark.parametrize("moment", [time(22), time(23, 59, 59), time(0), time(6, 59, 59, 999999)])
def test_a_night_spans_midnight(moment: time) -> None:
    assert moment in NIGHT


@pytest.mark.parametrize("moment", [time(7), time(12), time(21, 59, 59)])
def test_the_end_of_a_night_is_no_longer_quiet(moment: time) -> None:
    assert moment not in NIGHT


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [(time(12, 59), False), (time(13), True), (time(14, 59), True), (time(15), False)],
)
def test_a_nap_lies_within_a_day(moment: time, is_quiet: bool) -> None:
    assert (moment in NAP) is is_quiet


def test_hours_that_end_when_they_start_are_none() -> None:
    assert time(8) not in QuietHours(time(8), time(8))
