"""What stands between a home and AWS in one cell: what happens there, and what goes wrong."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import override

from tests.gppde.aws.booting import EVER
from tests.gppde.aws.call import Answer, Call, Forward
from tests.gppde.aws.faults import Fault, Refused

from .machines import Machines

SOON = 0.05
MARKET = "InstanceMarketOptions.MarketType"


class When(StrEnum):
    """Where in a call something strikes."""

    BEFORE = "before"
    """It is never carried out."""
    DURING = "during"
    """It is carried out, and nobody hears the answer."""
    AFTER = "after"


@dataclass(slots=True, kw_only=True)
class Strike(Fault):
    """Something happens to the caller, at the call after the first `spared` ones."""

    strike: Callable[[], None]
    when: When
    spared: int = 0

    @override
    def befalls(self, call: Call) -> bool:
        if self.times <= 0 or call.action != self.action:
            return False
        self.spared -= 1
        return self.spared < 0

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        if self.when is When.AFTER:
            answer = await forward()
            asyncio.get_running_loop().call_later(SOON, self.strike)
            return answer
        self.strike()
        if self.when is When.DURING:
            await forward()
        return None


@dataclass(slots=True, kw_only=True)
class NoSpot(Refused):
    """AWS refuses spot instances, and no others."""

    action: str = "RunInstances"
    times: int = EVER

    @override
    def befalls(self, call: Call) -> bool:
        return call.action == self.action and MARKET in call.parameters


@dataclass(frozen=True, slots=True)
class Seen:
    """A call at some moment, in real seconds, and its client token."""

    at: float
    action: str
    token: str


@dataclass(slots=True, kw_only=True)
class Stage(Fault):
    """All calls go through here: to the `faults`, then to the machines, then to moto."""

    machines: Machines
    times: int = EVER
    faults: list[Fault] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    befell: int = 0

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        token = str(call.parameters.get("ClientToken", ""))
        self.seen.append(Seen(time.time(), call.action, token))

        async def through() -> Answer:
            answer = await self.machines.meet(call, forward)
            assert answer
            return answer

        fault = next((fault for fault in self.faults if fault.befalls(call)), None)
        if fault is None:
            return await through()
        fault.times -= 1
        self.befell += 1
        return await fault.meet(call, through)
