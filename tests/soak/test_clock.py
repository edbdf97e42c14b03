"""Does a program live by the household's clock, and see it leap?"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from .clock import HouseClock

HOUR = timedelta(hours=1)
CLOSE = timedelta(seconds=20)
PROGRAM = """
import sys, time
from datetime import UTC, datetime
for _ in sys.stdin:
    print(datetime.now(UTC).timestamp(), time.time(), time.monotonic(), flush=True)
"""


@pytest.fixture
def clock(tmp_path: Path) -> HouseClock:
    clock = HouseClock(tmp_path / "clock")
    clock.leap(datetime.now(UTC) + timedelta(days=100))
    return clock


@contextmanager
def watching(clock: HouseClock, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a program that tells the time whenever it is asked."""
    (folder / "watch.py").write_text(PROGRAM)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.soak.launcher", clock.file, "watch"],
        env={"PYTHONPATH": f"{folder}:{Path.cwd()}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            yield program
        finally:
            program.kill()


def ask(program: subprocess.Popen[str]) -> list[float]:
    """Return its date, its time, and what it takes for steady."""
    assert program.stdin
    assert program.stdout
    program.stdin.write("\n")
    program.stdin.flush()
    return [float(told) for told in program.stdout.readline().split()]


def test_both_clocks_of_a_program_leap_while_it_runs(clock: HouseClock, tmp_path: Path) -> None:
    with watching(clock, tmp_path) as program:
        date, time, steady = ask(program)
        assert abs(datetime.fromtimestamp(date, UTC) - clock.now()) < CLOSE
        clock.leap(clock.now() + HOUR)
        while (told := ask(program))[0] < date + HOUR.total_seconds():
            pass
        assert told[1] - time >= HOUR.total_seconds()
        assert told[2] - steady >= HOUR.total_seconds()


def test_the_next_program_goes_on_where_the_clock_is(clock: HouseClock, tmp_path: Path) -> None:
    clock.leap(clock.now() + HOUR)
    with watching(clock, tmp_path) as program:
        date, *_ = ask(program)
    assert abs(datetime.fromtimestamp(date, UTC) - clock.now()) < CLOSE
