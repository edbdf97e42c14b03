"""One cell: a fault at a moment, played to its end, and what is counted then."""

import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.gppde.aws.proxy import Proxy

from .guards import guards
from .home import SECRET, TARGET
from .launcher import WITHOUT_FINALLY
from .machines import SIGNED
from .world import World

LONGEST = 90.0
"""Real seconds: an hour of the fast clock."""
QUIET = 10.0
"""Seconds without any call after which nothing more is to come."""
TO_STRIKE = 60.0
"""Seconds after which a fault that has not struck will not come any more."""
SHORT_QUIET = 3.0
"""The same, where all the quips are at home already, and the ledger names what never was."""
SETTLED = 0.5
LOOK = 0.1
RUNNING = (
    "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-state-name"
    "&Filter.1.Value.1=pending&Filter.1.Value.2=running"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """`prepare` puts a fault at its moment."""

    name: str
    prepare: Callable[[World], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Counts that all must be 0; `struck` tells whether the fault came at all.

    Where `with_finally` is False some never can: nobody is dismissed, or terminated in time.
    """

    cell: str
    with_finally: bool
    struck: bool
    late: int
    twice: int
    lost: int
    leaked: int
    guards: list[str]
    launched: int
    stock: int
    seconds: float

    @property
    def is_good(self) -> bool:
        has_come = self.struck or not self.with_finally
        return has_come and not (self.late or self.twice or self.lost or self.leaked)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"is_good": self.is_good}


def play(
    cell: Cell, folder: Path, proxy: Proxy, moto: str, *, without_finally: bool = False
) -> Outcome:
    """Let a home refill its stock, and the fault strike; return what came of it."""
    folder.mkdir()
    if without_finally:
        (folder / WITHOUT_FINALLY).touch()
    world = World.make(folder, proxy, moto)
    cell.prepare(world)
    began = time.monotonic()
    world.home.start()
    try:
        collected = _watch(world, began + LONGEST)
        late = _running(moto)
    finally:
        world.home.leave()
    return Outcome(
        cell=cell.name,
        with_finally=not without_finally,
        struck=world.has_struck,
        late=len(world.machines.late | late),
        twice=len(world.machines.twice),
        lost=len(collected - world.home.quips),
        leaked=leaked(world),
        guards=guards(world),
        launched=len(world.machines.all),
        stock=len(world.home.quips),
        seconds=round(time.monotonic() - began, 1),
    )


def _watch(world: World, end: float) -> set[str]:
    """Wait until all has come to its end; return every quip that was ever at home."""
    collected: set[str] = set()
    settled_since = time.monotonic()
    while time.monotonic() < (end if world.has_struck else end - LONGEST + TO_STRIKE):
        time.sleep(LOOK)
        world.machines.look()
        collected |= world.home.quips
        _bring_back(world)
        if not _is_settled(world):
            settled_since = time.monotonic()
        elif time.monotonic() - settled_since > SETTLED:
            break
    return collected.union(*(machine.claimed for machine in world.machines.all))


def _bring_back(world: World) -> None:
    if world.home.is_running or not world.returns:
        return
    while world.on_restart:
        world.on_restart.pop(0)(world)
    world.home.start()


def _is_settled(world: World) -> bool:
    if world.machines.alive or not world.has_struck:
        return False
    is_gone = not world.home.is_running and not world.returns
    is_full = len(world.home.quips) >= TARGET
    if is_full and not world.home.owes:
        return True
    return is_gone or _silence(world) > (SHORT_QUIET if is_full else QUIET)


def _silence(world: World) -> float:
    """Return for how many seconds AWS has heard nothing of Home Assistant, nor came that back."""
    called = [seen.at for seen in world.stage.seen[-1:]]
    return time.time() - max([world.struck or 0, world.home.started, *called])


def _running(moto: str) -> set[str]:
    """Ask AWS itself what runs, now that nothing should."""
    headers = {"Authorization": SIGNED, "Content-Type": "application/x-www-form-urlencoded"}
    with urlopen(Request(moto, RUNNING.encode(), headers), timeout=10) as answer:  # noqa: S310
        return set(re.findall(r"<instanceId>(i-[^<]+)</instanceId>", answer.read().decode()))


def leaked(world: World) -> int:
    """Return how many secrets can be read in what Home Assistant said."""
    secrets = {SECRET}.union(*(machine.secrets for machine in world.machines.all))
    said = world.home.logs()
    return sum(secret in said for secret in secrets)
