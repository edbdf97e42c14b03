"""Is a week judged as it was?"""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from . import complaints
from .report import MOST_MEMORY, Outcome
from .shelves import Shelves
from .vitals import Need, Vitals


def needing(*needs: tuple[float, int]) -> Vitals:
    warming_up = Need(200, 50)
    return Vitals([warming_up, *(Need(memory, files) for memory, files in needs)])


GOOD = Outcome(
    openings=3,
    spoken=2,
    silences=Counter(quiet_hours=1),
    cut_short=0,
    unanswered=0,
    unasked=0,
    delays=[1.0, 3.0],
    turns=[],
    repeats=0,
    lost=0,
    leaked=0,
    quips=60,
    launched=1,
    issues=frozenset({"refill_failing"}),
    needed=needing((300, 80), (301, 80), (301, 81)),
    lives=1,
    explained=Counter(),
    unexplained=[],
    spent={"March": 0.02},
    minutes=30,
)


def test_a_good_week_is_told_with_what_was_said_and_why_not() -> None:
    assert GOOD.is_good
    assert "p50 2.0" in GOOD.table()
    assert "not spoken: quiet_hours" in GOOD.table()
    kept = json.loads(json.dumps(GOOD.as_json()))
    assert kept["silences"] == {"quiet_hours": 1}
    assert kept["needed"][-1] == {"memory": 301, "files": 81}


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, unanswered=1),
        replace(GOOD, unasked=1),
        replace(GOOD, repeats=1),
        replace(GOOD, lost=1),
        replace(GOOD, leaked=1),
        replace(GOOD, issues=frozenset({"stock_unwritable"})),
        replace(GOOD, unexplained=["ERROR"]),
        replace(GOOD, needed=needing((300, 80), (305, 80), (301 + MOST_MEMORY, 80))),
        replace(GOOD, needed=needing((300, 80), (300, 80), (300, 99))),
    ],
)
def test_a_bad_one_is_not(bad: Outcome) -> None:
    assert not bad.is_good
    assert not bad.as_json()["is_good"]


def test_a_complaint_without_a_reason_is_told_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "2027-03-28 01:00:00.000+00:00 WARNING (MainThread) [homeassistant] Skipping pip\n"
        "2027-03-28 01:00:00.000+00:00 INFO (MainThread) [homeassistant] All is well\n"
        "2027-03-28 01:00:00.000+00:00 ERROR (MainThread) [gppde] Something broke\n"
        "Traceback, line 1\n"
    )
    explained, [other] = complaints.read(log)
    assert explained.total() == 1
    assert other.endswith("Something broke\nTraceback, line 1")


def test_what_is_gone_is_lost_and_what_was_heard_twice_is_told(tmp_path: Path) -> None:
    for name in ("a/fresh/1.mp3", "a/stale/2.mp3"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    shelves = Shelves(tmp_path, known={"1", "2", "3"})
    assert shelves.lost() == {"3"}
    assert shelves.repeated(["1", "2", "1"]) == {"1"}
    shelves.restored()
    assert not shelves.lost()
    assert shelves.repeated(["1", "2"]) == {"2"}
