"""One refill of ten quips from an instance that really boots: what happens when, and at what price.

python -m tests.bench.refill [--json FILE] [--boot SECONDS]
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, override

from aiohttp import ClientSession

from custom_components.gppde.aws.cloud import CloudConfig
from custom_components.gppde.aws.fleet import Fleet
from custom_components.gppde.aws.ledger import Ledger
from custom_components.gppde.aws.prices import DATED, cost, price
from custom_components.gppde.const import Tone
from custom_components.gppde.ec2.settings import DEFAULTS, Ec2Settings
from custom_components.gppde.errors import SourceError
from custom_components.gppde.quipgen import QuipgenClient, UnreachableError
from custom_components.gppde.quipgen.answers import Health
from custom_components.gppde.sources import Brief, Made, Order, Progress
from custom_components.gppde.sources.ec2 import Ec2Source
from tests.e2e.house.aws import HOME_ADDRESS, KEY, OPTIONS, REGION, SECRET, Aws, serving
from tests.e2e.house.errors import HouseError
from tests.e2e.house.waiting import until

COUNT = 10
LAUNCH, ADDRESS, HEALTH = "launch", "address", "health"
FIRST, LAST = "first quip", "tenth quip"
DISMISSED, GONE = "dismissed", "confirmed gone"
STEPS = (LAUNCH, ADDRESS, HEALTH, FIRST, LAST, DISMISSED, GONE)
LONGEST_BOOT = 120.0
LONGEST_BATCH = 120.0
BOOT = 90.0
MOST_ADDED = 5.0
MOST_DOLLARS = 0.02
WAYS = (("g6.xlarge", True), ("g4dn.xlarge", True), ("g4dn.xlarge", False))
BRIEF = Brief(name="Eddie", description="A door.", tone=Tone.SUNNY, voice="en-us")
SETTINGS = Ec2Settings(
    cloud=CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET),
    **DEFAULTS | OPTIONS | {"package": None, "model": None},
)
ORDER = Order(brief=BRIEF, count=COUNT, avoid=["Welcome aboard."])


@dataclass(frozen=True)
class Step:
    """The client was there at `at`, and could have been at `possible`: seconds from the start."""

    name: str
    at: float
    possible: float

    @property
    def added(self) -> float:
        return max(self.at - self.possible, 0)


@dataclass(frozen=True)
class Refill:
    """`calls` are those to AWS: before the launch was answered, while the server worked, and from
    the tenth quip on.
    """

    steps: list[Step]
    calls: tuple[int, int, int]

    @property
    def added(self) -> float:
        return sum(step.added for step in self.steps)

    @property
    def served(self) -> float:
        """Seconds from the server's first answer to the instance's end."""
        at = {step.name: step for step in self.steps}
        return at[GONE].at - at[HEALTH].possible


@dataclass(frozen=True)
class Price:
    """Of an instance that booted for so long and then did what was measured, in dollars."""

    type: str
    is_spot: bool
    an_hour: float
    seconds: float
    dollars: float


@dataclass(slots=True)
class Notes:
    """What was reached when, in seconds from the start, and after how many calls to AWS."""

    aws: Aws
    begun: float = field(default_factory=monotonic)
    ours: dict[str, float] = field(default_factory=dict)
    theirs: dict[str, float] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)

    def reached(self, step: str) -> None:
        self.ours[step] = monotonic() - self.begun
        self.calls[step] = len(self.aws.proxy.calls)

    def possible(self, step: str) -> None:
        self.theirs[step] = monotonic() - self.begun

    def refill(self) -> Refill:
        """A step that is not the server's is possible as soon as the one before it is done."""
        before = dict(zip(STEPS, (0.0, *self.ours.values()), strict=False))
        steps = [Step(name, self.ours[name], self.theirs.get(name, before[name])) for name in STEPS]
        launch, last, gone = (self.calls[step] for step in (LAUNCH, LAST, GONE))
        return Refill(steps, (launch, last - launch, gone - last))


class Client(QuipgenClient):
    """Notes what the server answers."""

    notes: Notes

    @override
    async def health(self) -> Health:
        health = await super().health()
        self.notes.reached(HEALTH)
        return health

    @override
    async def dismiss(self) -> None:
        await super().dismiss()
        self.notes.reached(DISMISSED)


@dataclass(frozen=True, slots=True)
class Connect:
    """Called once the address is known. `server` is then there for who observes it."""

    session: ClientSession
    notes: Notes
    server: asyncio.Future[QuipgenClient]

    def __call__(self, url: str, token: str, fingerprint: str) -> QuipgenClient:
        self.notes.reached(ADDRESS)
        self.server.set_result(QuipgenClient(self.session, url, token, fingerprint))
        client = Client(self.session, url, token, fingerprint)
        client.notes = self.notes
        return client


async def observe(server: asyncio.Future[QuipgenClient], notes: Notes) -> None:
    """Note when the server answers, and when it has made a quip, by asking all the time."""
    client = await server
    await until("The server's first answer", LONGEST_BOOT, partial(answers, client))
    notes.possible(HEALTH)
    with suppress(UnreachableError):  # it was dismissed
        for step, count in ((FIRST, 1), (LAST, COUNT)):
            await until(f"The {step}", LONGEST_BATCH, partial(has_made, client, count))
            notes.possible(step)


async def answers(client: QuipgenClient) -> bool:
    try:
        await client.health()
    except UnreachableError:
        return False
    return True


async def has_made(client: QuipgenClient, count: int) -> bool:
    return (await client.progress()).created >= count


async def measure(aws: Aws, folder: Path) -> Refill:
    """Refill once; raises HouseError where something is left running."""
    ledger = Ledger(folder / "ledger", run)
    await ledger.load()
    fleet = Fleet.assemble("bench", SETTINGS.cloud, ledger, run)
    await fleet.reconciler.sweep()  # as at Home Assistant's start: from then on the SDK is loaded
    aws.proxy.requests.clear()
    async with ClientSession() as session:
        notes, server = Notes(aws), asyncio.get_running_loop().create_future()
        source = Ec2Source(fleet, SETTINGS, Connect(session, notes, server), home_address)
        await asyncio.gather(refill(source, notes), observe(server, notes))
    if left := [*aws.leftovers, *ledger.attempts]:
        raise HouseError(f"This is left running: {left}")
    return notes.refill()


async def refill(source: Ec2Source, notes: Notes) -> None:
    made = 0
    async with aclosing(source.make(ORDER, None, keep)) as events:
        async for event in events:
            if isinstance(event, Progress) and event.stage == "booting":
                notes.reached(LAUNCH)
            if isinstance(event, Made):
                made += 1
                if made in (1, COUNT):
                    notes.reached(FIRST if made == 1 else LAST)
    notes.reached(GONE)


async def run[T](job: Callable[[], T], /) -> T:
    return await asyncio.to_thread(job)


async def home_address() -> str:
    return HOME_ADDRESS


async def keep(_: dict[str, Any]) -> None:
    """Nothing is resumed here."""


def prices(refill: Refill, boot: float) -> list[Price]:
    """Reckon with an instance that boots for so many seconds before its server answers."""
    seconds = boot + refill.served
    return [
        Price(type_, is_spot, an_hour, seconds, cost(seconds, an_hour))
        for type_, is_spot in WAYS
        if (an_hour := price(type_, is_spot=is_spot)) is not None
    ]


def print_table(refill: Refill, bills: list[Price], boot: float) -> None:
    """Tell a person."""
    print(f"{'s':<16}{'possible':>10}{'done':>10}{'added':>10}")
    for step in refill.steps:
        print(f"{step.name:<16}{step.possible:>10.2f}{step.at:>10.2f}{step.added:>10.2f}")
    print(f"The client adds {refill.added:.1f} s in all, goal {MOST_ADDED:.0f} s.")
    before, meanwhile, after = refill.calls
    print(f"Calls to AWS: {before} to launch, {meanwhile} meanwhile, {after} to end.\n")
    print(f"{'':<16}{'':<11}{'$ an hour':>10}{'s':>8}{'$':>10}")
    for bill in bills:
        way = "spot" if bill.is_spot else "on demand"
        print(
            f"{bill.type:<16}{way:<11}{bill.an_hour:>10.3f}{bill.seconds:>8.0f}{bill.dollars:>10.4f}"
        )
    print(f"With a boot of {boot:g} s and prices as of {DATED}; goal {MOST_DOLLARS} $.")


def report(refill: Refill, bills: list[Price], boot: float) -> dict[str, Any]:
    return {
        "steps": [asdict(step) | {"added": step.added} for step in refill.steps],
        "added": refill.added,
        "calls": refill.calls,
        "boot": boot,
        "prices": [asdict(bill) for bill in bills],
    }


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser("scripts/bench refill", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--boot", type=float, metavar="SECONDS", default=BOOT, help="from launch to health"
    )
    options = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="gppde-") as name, serving(Path(name)) as aws:
            os.environ.update(aws.environment)
            refill = asyncio.run(measure(aws, Path(name)))
    except (HouseError, SourceError) as error:
        sys.exit(f"error: {error}")
    bills = prices(refill, options.boot)
    print_table(refill, bills, options.boot)
    if options.json:
        options.json.write_text(json.dumps(report(refill, bills, options.boot), indent=2))


if __name__ == "__main__":
    main()
