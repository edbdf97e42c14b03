"""python -m tests.bench.load [doors] [clients] [quips] [--json FILE]"""

import argparse
import asyncio
import json
import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from homeassistant.const import __version__ as home_assistant_version

from . import __doc__ as about
from . import clients, doors, quips
from .apart import apart
from .doors import Rush

RUSHES = (
    Rush(doors=100, players=100),
    Rush(doors=1_000, players=1_000),
    Rush(doors=1_000, players=5),
    Rush(doors=1_000, players=1_000, dashboards=5),
    Rush(doors=1_000, players=1_000, dashboards=20),
    Rush(doors=4_000, players=4_000),
    Rush(doors=1_000, players=1_000, seconds=0),
)
CROWDS = (1, 10, 100, 250)
HOMES = 8
SIZES = (10_000, 100_000)

type Rows = list[dict[str, Any]]


def measure_doors() -> Rows:
    """Measure each rush."""
    print("Doors that open within so many seconds; from sensor to player, and the loop, in ms")
    print(
        f"{'doors':>6}{'players':>8}{'cards':>6}{'s':>4}{'spoke':>7}{'silent':>7}{'median':>8}{'p99':>8}"
        f"{'longest':>9}{'busy':>7}{'stalled':>8}{'told, s':>8}{'MB':>6}"
    )
    return [print_rush(apart(doors.measure, rush)) for rush in RUSHES]


def print_rush(row: doors.Row) -> dict[str, Any]:
    """Tell a person, and return it for a program."""
    print(
        f"{row.doors:>6,}{row.players:>8,}{row.dashboards:>6}{row.seconds:>4.0f}{row.spoken:>7,}"
        f"{sum(row.unspoken.values()):>7,}{row.median:>8.2f}{row.p99:>8.1f}{row.longest:>9.1f}"
        f"{row.busy:>7.1f}{row.stalled:>8.1f}{row.settled:>8.1f}{row.memory:>6.1f}"
        f"{told(row.unspoken)}"
    )
    return asdict(row)


def measure_clients() -> Rows:
    """Measure crowds and homes on one server."""
    crowds, street = asyncio.run(clients.measure(CROWDS, HOMES))
    print(f"\nClients that collect one batch of {clients.BATCH}; until an answer came, in ms")
    print(
        f"{'clients':>8}{'got all':>8}{'answers':>8}{'median':>8}{'p99':>8}{'longest':>9}"
        f"{'batch, s':>9}{'MB':>6}"
    )
    for row in crowds:
        print(
            f"{row.clients:>8,}{row.complete:>8,}{row.answers:>8,}{row.median:>8.1f}{row.p99:>8.1f}"
            f"{row.longest:>9.1f}{row.batch:>9.1f}{row.memory:>6.0f}{told(row.failed)}"
        )
    print(
        f"{street.homes} homes order {clients.A_HOME} each: {street.complete} got all, "
        f"{street.lost} quips lost, {street.strange} astray, {street.seconds:.0f} s"
        f"{told(street.failed)}"
    )
    return [*map(asdict, crowds), asdict(street)]


def measure_quips() -> Rows:
    """Measure ever larger stocks."""
    hoards = [apart(quips.measure, size) for size in SIZES]
    print("\nOne persona's quips, half of them heard: seconds for all, and the loop, in ms")
    print(f"{'':<32}" + "".join(f"{f'{hoard.quips:,}':>24}" for hoard in hoards))
    print(f"{'':<32}" + f"{'s':>9}{'busy':>7}{'stalled':>8}" * len(hoards))
    for rows in zip(*(hoard.rows for hoard in hoards), strict=True):
        figures = (f"{row.seconds:>9.3f}{row.busy:>7.1f}{row.stalled:>8.1f}" for row in rows)
        print(f"{rows[0].job:<32}" + "".join(figures))
    waits = "".join(f"{hoard.heard:>24.1f}" for hoard in hoards)
    print(f"{'a player waits meanwhile, ms':<32}{waits}")
    print(
        f"{'memory of the set-up, MB':<32}" + "".join(f"{h.rows[0].memory:>24.1f}" for h in hoards)
    )
    return [asdict(hoard) for hoard in hoards]


def told(reasons: Mapping[str, int]) -> str:
    """Say how often what was told."""
    return "".join(f"\n    {count:,} x {reason}" for reason, count in reasons.items())


PARTS: dict[str, Callable[[], Rows]] = {
    "doors": measure_doors,
    "clients": measure_clients,
    "quips": measure_quips,
}


def measure(parts: Iterable[str], file: Path | None) -> None:
    """Measure and report."""
    report: dict[str, Any] = {part: PARTS[part]() for part in parts}
    if file:
        report |= {"home_assistant": home_assistant_version, "python": platform.python_version()}
        file.write_text(json.dumps(report, indent=2))


def main() -> None:
    """Measure what is asked for, or all."""
    parser = argparse.ArgumentParser("scripts/bench load", description=about)
    parser.add_argument("parts", nargs="*", metavar="doors|clients|quips", help="default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    if unknown := set(options.parts) - PARTS.keys():
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    measure(options.parts or PARTS, options.json)


if __name__ == "__main__":
    main()
