"""python -m tests.bench.server [--json FILE]"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import torch

from . import __doc__ as about
from . import card
from .shapes import save_model
from .ways import Row, measure_original, original, pipeline, plain

WAYS = {"plain": plain, "pipeline": pipeline}


def measured_ways() -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save_model("GPT-2", folder)
        return [measure_original(folder), *(apart(way, folder) for way in WAYS)]


def apart(way: str, folder: Path) -> Row:
    """In a process of its own, so that each way's memory is its own."""
    command = [sys.executable, "-m", __package__, f"--{way}", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Row(**json.loads(done.stdout))


def print_table(rows: list[Row]) -> None:
    print(f"{'':<22}{'quips':>10}{'tokens':>10}{'first':>10}{'memory':>10}{'in the':>10}")
    print(f"{'':<22}{'a minute':>10}{'a second':>10}{'s':>10}{'MB':>10}{'model':>10}")
    for row in rows:
        share = f"{row.model:.0%}" if row.model else ""
        print(
            f"{row.way:<22}{row.quips_a_minute:>10.1f}{row.tokens_a_second:>10.0f}"
            f"{row.first:>10.1f}{row.memory:>10.0f}{share:>10}"
        )
    ratio = rows[2].quips_a_minute / rows[0].quips_a_minute
    around = 1 - (rows[2].model or 0)
    print(f"(c) is {ratio:.0f} times (a), goal 25. Around the model {around:.0%}, goal 10%.")


def main() -> None:
    parser = argparse.ArgumentParser("scripts/bench server", description=about)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    for way in ("one", *WAYS):
        parser.add_argument(f"--{way}", type=Path, help=argparse.SUPPRESS)
    options = vars(parser.parse_args())
    for way, measure in WAYS.items():
        if folder := options[way]:
            print(json.dumps(asdict(measure(folder))))
            return
    if folder := options["one"]:
        original(folder)
    else:
        measure_all(options["json"])


def measure_all(file: Path | None) -> None:
    rows = measured_ways()
    print_table(rows)
    speeds = list(card.speeds()) if torch.cuda.is_available() else []
    if speeds:
        card.print_table(speeds)
    else:
        print("No graphics card here, so its table is left out.")
    if file:
        file.write_text(json.dumps([*map(asdict, rows), *map(asdict, speeds)], indent=2))


if __name__ == "__main__":
    main()
