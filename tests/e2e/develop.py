"""The demo: a whole house on this machine. scripts/develop starts it."""

import argparse
import asyncio
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from . import tour
from .house import aws, quipgen
from .house.doorway import Doorway
from .house.errors import HouseError
from .house.house import House, open_house
from .house.login import PASSWORD, USER
from .house.places import ROOT
from .house.source import OpenSource

PORT: Final = 8123
SOUVENIRS: Final = ROOT / ".tour"
SOURCES: Final[dict[str, OpenSource]] = {"server": quipgen.run, "ec2": aws.run}
STOPS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Exit status: 0 all well, 1 something went wrong, 130 a tour was interrupted."""
    parser = argparse.ArgumentParser(prog="scripts/develop")
    parser.add_argument("--tour", action="store_true")
    parser.add_argument("--source", choices=SOURCES, default="server")
    options = parser.parse_args()
    wants_tour: bool = options.tour
    try:
        asyncio.run(_until_stopped(SOURCES[options.source], wants_tour=wants_tour))
    except HouseError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        return 130 if wants_tour else 0
    return 0


async def _until_stopped(open_source: OpenSource, *, wants_tour: bool) -> None:
    """Visit the house; the first signal ends the visit, and the house is closed in peace."""
    visit = asyncio.ensure_future(_tour(open_source) if wants_tour else _stay(open_source))

    def stop() -> None:
        if not visit.cancelling():
            _say("Closing the house")
            visit.cancel()

    for number in STOPS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    await visit


async def _stay(open_source: OpenSource) -> None:
    async with _house(open_source) as house:
        _tell(f"{house.home_assistant.url}   user: {USER}   password: {PASSWORD}")
        _say("Opening the door once")
        async with Doorway.stand(house) as doorway:
            opening = await doorway.open()
            _tell(f"“{opening.text}”  {opening.milliseconds:.1f} ms after the sensor moved")
            await doorway.close()
        _say("Open it yourself on the dashboard; Ctrl-C closes the house")
        await house.home_assistant.watch()


async def _tour(open_source: OpenSource) -> None:
    shutil.rmtree(SOUVENIRS, ignore_errors=True)
    SOUVENIRS.mkdir()
    async with _house(open_source) as house:
        try:
            story = await tour.take(house, SOUVENIRS, _tell)
        finally:
            house.keep_logs(SOUVENIRS)
    print(f"\n{story.table()}\n")
    _say(f"All came true. Pictures, recordings and logs: {SOUVENIRS}")


@asynccontextmanager
async def _house(open_source: OpenSource) -> AsyncGenerator[House]:
    _say("Opening the house: player, source of quips, Home Assistant (half a minute)")
    with tempfile.TemporaryDirectory(prefix="gppde-") as folder:
        async with open_house(Path(folder), PORT, open_source) as house:
            yield house


def _say(text: str) -> None:
    print(f"\033[1m==>\033[0m {text}", flush=True)


def _tell(news: str) -> None:
    print(f"    {news}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
