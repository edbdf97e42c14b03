"""Lets a household live for a week, and prints what came of it.

python -m tests.soak [--minutes N] [--seed N] [--json FILE] [--keep]
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from tests.e2e.house import aws
from tests.e2e.house.errors import HouseError
from tests.e2e.house.waiting import meanwhile

from . import complaints, players, satellite
from .clock import HouseClock
from .furnishing import move_in
from .home import Home
from .household import HERE, WEEK, Days, beginning
from .life import Life
from .pace import Pace
from .place import Place
from .report import Outcome
from .shelves import Shelves

MINUTES = 30


def main() -> int:
    """Return 1 where the week was not a good one."""
    options = _options()
    say(f"--seed {options.seed} draws this week again")
    with tempfile.TemporaryDirectory(prefix="gppde-soak-", delete=not options.keep) as name:
        try:
            outcome = asyncio.run(spend(Path(name), options.minutes, options.seed))
        except HouseError as error:
            say(f"error: {error}")
            return 1
    for record in outcome.unexplained:
        say(f"\n{record}")
    say(f"\n{outcome.table()}")
    if options.json:
        options.json.write_text(json.dumps(outcome.as_json(), indent=2) + "\n")
    return 0 if outcome.is_good else 1


async def spend(folder: Path, minutes: float, seed: int) -> Outcome:
    """Spend a week there; raises HouseError."""
    began = time.monotonic()
    rng = random.Random(seed)
    clock = HouseClock(folder / "clock")
    clock.leap(beginning(datetime.now(UTC)))
    (cloud := folder / "aws").mkdir()
    async with AsyncExitStack() as stack:
        account = stack.enter_context(aws.serving(cloud, ["tests.soak.launcher", clock.file]))
        account.proxy.now = clock.now
        place = Place(
            kitchen=await stack.enter_async_context(players.playing(folder / "kitchen")),
            attic=await stack.enter_async_context(players.playing(folder / "attic")),
            stairs=await stack.enter_async_context(satellite.standing()),
            days=Days(rng),
            tell=lambda news: say(f"  {clock.now().astimezone(HERE):%a %d %b %H:%M}  {news}"),
        )
        home = Home(folder, clock, account.environment)
        stack.push_async_callback(home.stop)
        await home.start()
        ports = place.kitchen.port, place.attic.port, place.stairs.port
        entry_id = await move_in(home.client, account, *ports)
        shelves = Shelves(home.config / "gppde")
        life = Life(
            place=place,
            home=home,
            aws=account,
            shelves=shelves,
            rng=rng,
            entry_id=entry_id,
            end=clock.now() + WEEK,
            pace=Pace(began + 60 * minutes),
        )
        async with meanwhile(shelves.watch()):
            await life.live()
        return judged(life, (time.monotonic() - began) / 60)


def judged(life: Life, minutes: float) -> Outcome:
    """Count what came of it."""
    ears = life.home.ears
    explained, unexplained = complaints.read(life.home.log)
    return Outcome(
        openings=ears.openings,
        spoken=len(ears.spoken),
        silences=ears.silences,
        cut_short=ears.cut_short,
        unanswered=ears.unanswered + ears.pending,
        unasked=ears.unasked,
        delays=ears.delays,
        turns=ears.turns,
        repeats=len(life.repeats()),
        lost=len(life.shelves.lost()),
        leaked=len(life.aws.leftovers),
        quips=len(life.shelves.known),
        launched=life.aws.machines.launched,
        issues=frozenset(life.issues),
        needed=life.home.lives[-1],
        lives=len(life.home.lives),
        explained=explained,
        unexplained=unexplained,
        spent=life.spent,
        minutes=minutes,
    )


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/soak")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
