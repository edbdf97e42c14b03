"""Plays the cells, some at once, and prints what came of them.

python -m tests.faults [--json FILE] [--cells PATTERN] [--without-finally] [--at-once N]
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from fnmatch import fnmatch
from pathlib import Path
from queue import SimpleQueue

from tests import newest_home_assistant  # noqa: F401  before what needs it
from tests.gppde.aws.proxy import proxy_serving
from tests.moto import moto_serving, reset

from .cell import Cell, Outcome, play
from .cells import CELLS
from .report import HEAD, row, summary

AT_ONCE = 2
"""Cells: they wait for most of their time."""


def main() -> int:
    """Return 1 where a fault did not strike, or a column is not 0."""
    arguments = _arguments()
    began = time.monotonic()
    cells = [cell for cell in CELLS if _is_meant(cell, arguments.cells)]
    _say(HEAD)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="gppde-faults-", delete=not arguments.keep) as folder:
        for outcome in played(
            cells,
            Path(folder),
            without_finally=arguments.without_finally,
            at_once=arguments.at_once,
        ):
            outcomes.append(outcome)
            _say(row(outcome))
    _say(summary(outcomes, time.monotonic() - began))
    if arguments.json:
        told = [outcome.as_json() for outcome in outcomes]
        arguments.json.write_text(json.dumps(told, indent=2) + "\n")
    return 0 if outcomes and all(outcome.is_good for outcome in outcomes) else 1


def played(
    cells: Sequence[Cell], folder: Path, *, without_finally: bool = False, at_once: int = AT_ONCE
) -> Iterator[Outcome]:
    """Play cells, each with a home and an AWS that know nothing of the others."""
    idle: SimpleQueue[str] = SimpleQueue()

    def play_one(number: int, cell: Cell) -> Outcome:
        moto = idle.get()
        reset(moto)
        try:
            with proxy_serving(moto) as proxy:
                return play(
                    cell, folder / str(number), proxy, moto, without_finally=without_finally
                )
        finally:
            idle.put(moto)

    with ExitStack() as stack:
        for number in range(at_once):
            place = folder / f"moto-{number}"
            place.mkdir()
            idle.put(stack.enter_context(moto_serving(place)))
        with ThreadPoolExecutor(at_once) as players:
            yield from players.map(play_one, range(len(cells)), cells)


def _is_meant(cell: Cell, patterns: list[str]) -> bool:
    return not patterns or any(fnmatch(cell.name, f"*{pattern}*") for pattern in patterns)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/faults")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--cells", action="append", default=[], metavar="PATTERN")
    parser.add_argument("--without-finally", action="store_true")
    parser.add_argument("--at-once", type=int, default=AT_ONCE, metavar="N")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
