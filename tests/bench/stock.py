"""How a stock bears its size: indexing the folder, drawing a quip, and the memory of it.

python -m tests.bench.stock [--json FILE]
"""

import argparse
import asyncio
import json
import platform
import statistics
import tempfile
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter_ns
from uuid import uuid4

from custom_components.gppde.quips.folder import RACY
from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.quips.stock import Stock

SIZES = (10, 10_000, 100_000)
DRAWS = 10_000
HAND = 10
"""Quips that are drawn before they are given back; the smallest stock has as many."""
LINKS = 10_000
"""Names that one mp3 may have; file systems know a limit."""
MP3 = (bytes.fromhex("fffb9004") + bytes(413)) * 20
MADE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """`index` in seconds, `memory` in MB, a `rescan` of what did not change and draws in µs."""

    quips: int
    index: float
    rescan: float
    draw_median: float
    draw_p99: float
    memory: float


def fill(folder: Path, count: int) -> None:
    """Write a stock of `count` fresh quips, many sharing the bytes of one mp3."""
    fresh = folder / "fresh"
    fresh.mkdir(parents=True)
    (folder / "stale").mkdir()
    for number in range(count):
        quip = make_quip(number)
        mp3 = fresh / f"{quip.uuid}.mp3"
        if number % LINKS == 0:
            shared = mp3
            mp3.write_bytes(MP3)
        else:
            mp3.hardlink_to(shared)
        (fresh / f"{quip.uuid}.json").write_bytes(quip.as_json())


def make_quip(number: int) -> Quip:
    """Return a line as long as most."""
    return Quip(
        uuid=str(uuid4()),
        text=f"You again. I have opened {number} times, and not once did you say thank you.",
        persona="Hinge",
        tone="sarcastic",
        mood=number % 100 / 100,
        model="built-in",
        voice="espeak-ng en-gb",
        duration=4 + number % 100 / 100,
        loudness=-18 + number % 10 / 100,
        created=MADE + timedelta(seconds=number),
        seed=number,
    )


async def measure(folder: Path, count: int) -> Row:
    """Fill a stock and measure it."""
    fill(folder, count)
    await asyncio.sleep(RACY)
    stock = Stock(folder, asyncio.to_thread)
    index = await seconds(stock.load)
    rescan = await seconds(stock.rescan)
    draws = list(draw_times(stock))
    return Row(
        quips=stock.fresh_count,
        index=index,
        rescan=rescan * 1e6,
        draw_median=statistics.median(draws),
        draw_p99=statistics.quantiles(draws, n=100)[98],
        memory=await memory(folder),
    )


async def seconds(job: Callable[[], Awaitable[object]]) -> float:
    """Return how long a job takes."""
    started = perf_counter_ns()
    await job()
    return (perf_counter_ns() - started) / 1e9


def draw_times(stock: Stock) -> Iterator[float]:
    """Yield the microseconds of each draw."""
    for _ in range(DRAWS // HAND):
        hand = []
        for _ in range(HAND):
            started = perf_counter_ns()
            quip = stock.draw(repeat=True)
            yield (perf_counter_ns() - started) / 1e3
            assert quip
            hand.append(quip)
        for quip in reversed(hand):
            stock.give_back(quip)


async def memory(folder: Path) -> float:
    """Return the megabytes that an indexed stock holds."""
    tracemalloc.start()
    stock = Stock(folder, asyncio.to_thread)
    await stock.load()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held / 1e6


def print_table(rows: list[Row]) -> None:
    """Tell a person."""
    print(f"{'quips':>9}{'index':>10}{'rescan':>10}{'draw':>10}{'draw p99':>10}{'memory':>10}")
    print(f"{'':>9}{'s':>10}{'µs':>10}{'µs':>10}{'µs':>10}{'MB':>10}")
    for row in rows:
        print(
            f"{row.quips:>9,}{row.index:>10.3f}{row.rescan:>10.0f}"
            f"{row.draw_median:>10.2f}{row.draw_p99:>10.2f}{row.memory:>10.1f}"
        )


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description="Index and draw at several sizes of a stock.")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    rows = []
    for count in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(asyncio.run(measure(Path(folder), count)))
    print_table(rows)
    if options.json:
        report = {"python": platform.python_version(), "rows": [asdict(row) for row in rows]}
        options.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
