"""All that a cell has to do with: the home, AWS, the machines, and when the fault strikes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.gppde.aws.faults import Fault
from tests.gppde.aws.proxy import Proxy

from .clock import FastClock
from .home import Home
from .machine import Temper
from .machines import Machines
from .stage import Stage, Strike, When

type Deed = Callable[[World], None]
"""Something that happens to the world, in the thread of the proxy."""


@dataclass(slots=True, kw_only=True)
class World:
    """`struck` is when the fault did, in real seconds; None: not yet."""

    home: Home
    stage: Stage
    machines: Machines
    clock: FastClock
    struck: float | None = None
    returns: bool = True
    on_restart: list[Callable[[World], None]] = field(default_factory=list)
    _waiting: list[tuple[str, Deed]] = field(default_factory=list)
    _interrupting: asyncio.Future[None] | None = None

    @classmethod
    def make(cls, folder: Path, proxy: Proxy, moto: str) -> World:
        clock = FastClock(folder / "clock")
        clock.start()
        machines = Machines(moto=moto, clock=clock, folder=folder, happened=lambda _: None)
        stage = Stage(machines=machines)
        world = cls(home=Home(folder, proxy.url), stage=stage, machines=machines, clock=clock)
        machines.happened = world.happened
        proxy.faults = [stage]
        return world

    @property
    def has_struck(self) -> bool:
        return self.struck is not None or self.stage.befell > 0 or self._is_ill_tempered()

    def add(self, *faults: Fault) -> None:
        """Let AWS have faults from now on."""
        self.stage.faults.extend(faults)

    def at_call(self, action: str, when: When, deed: Deed, spared: int = 0) -> None:
        """Let something happen at a call."""
        strike = Strike(action=action, when=when, spared=spared, strike=lambda: self._do(deed))
        self.stage.faults.append(strike)

    def at_event(self, event: str, deed: Deed) -> None:
        """Let something happen once the machines have come so far."""
        self._waiting.append((event, deed))

    def temper(self, temper: Temper) -> None:
        """Let the first machine have something wrong."""
        self.machines.tempers.append(temper)

    def interrupt(self) -> None:
        """Let AWS take back what runs."""
        self._interrupting = asyncio.ensure_future(self.machines.interrupt())

    def happened(self, event: str) -> None:
        """Do what was waiting for that."""
        for waiting in list(self._waiting):
            awaited, deed = waiting
            if _is_as_far(event, awaited) and waiting in self._waiting:
                self._waiting.remove(waiting)
                self._do(deed)

    def _do(self, deed: Deed) -> None:
        self.struck = self.struck or time.time()
        deed(self)

    def _is_ill_tempered(self) -> bool:
        return any(machine.temper != Temper() for machine in self.machines.all)


def _is_as_far(event: str, awaited: str) -> bool:
    """Tell whether it happened; of "collected 3" more is as good."""
    name, _, number = event.partition(" ")
    awaited_name, _, least = awaited.partition(" ")
    if not (number.isdigit() and least.isdigit()):
        return event == awaited
    return name == awaited_name and int(number) >= int(least)
