"""What can go wrong between us and AWS, to be put into a proxy's `faults`."""

import asyncio
from dataclasses import dataclass, field
from threading import Event
from typing import override

from .call import Answer, Call, Forward

LONGEST_HOLD = 60.0
LOOK = 0.01
SETS = {
    "DescribeImages": "imagesSet",
    "DescribeInstanceTypeOfferings": "instanceTypeOfferingSet",
    "DescribeInstances": "reservationSet",
    "DescribeSecurityGroupRules": "securityGroupRuleSet",
    "DescribeSecurityGroups": "securityGroupInfo",
    "DescribeSpotPriceHistory": "spotPriceHistorySet",
    "DescribeSubnets": "subnetSet",
}
"""What each action names what it has found, as botocore's model of EC2 tells."""
NOTHING_FOUND = (
    '<{action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
    "<requestId>none</requestId><{found}/></{action}Response>"
)
REPEATED = 4
"""How often botocore itself asks where nothing or a server error comes back."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """Befalls the next `times` calls of an action, or of any. botocore repeats most calls, up to
    four in all, and each counts.
    """

    action: str = ""
    times: int = 1

    def befalls(self, call: Call) -> bool:
        return self.times > 0 and self.action in ("", call.action)

    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        """Return what the client gets; None breaks its connection."""
        raise NotImplementedError


class Lost(Fault):
    """The call is carried out, and the answer never comes."""

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        await forward()
        return None


class Cut(Fault):
    """The call never reaches AWS."""

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        return None


@dataclass(slots=True, kw_only=True)
class Refused(Fault):
    """AWS refuses the call by an error code; InsufficientInstanceCapacity comes with status 500,
    RequestLimitExceeded with 503.
    """

    code: str
    status: int = 400
    message: str = "No."

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        return call.refused(self.code, self.status, self.message)


@dataclass(slots=True, kw_only=True)
class Slow(Fault):
    """The call is carried out after so many seconds."""

    seconds: float

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        await asyncio.sleep(self.seconds)
        return await forward()


@dataclass(slots=True, kw_only=True)
class Held(Fault):
    """The call waits, before or after it is `carried_out`, until it is `released`; `reached` tells
    that it is there, so that something can be killed meanwhile.
    """

    carried_out: bool
    reached: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        answer = await forward() if self.carried_out else None
        self.reached.set()
        await self._release()
        return answer or await forward()

    async def _release(self) -> None:
        for _ in range(int(LONGEST_HOLD / LOOK)):
            if self.released.is_set():
                return
            await asyncio.sleep(LOOK)


class Forgotten(Fault):
    """AWS finds nothing, as it does for a while after something was made."""

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        body = NOTHING_FOUND.format(action=call.action, found=SETS[call.action])
        return Answer(200, body.encode())


@dataclass(slots=True, kw_only=True)
class Garbled(Fault):
    """Something between us and AWS answers in its place."""

    body: bytes = b"<html>Log in to this hotel's network"

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        return Answer(200, self.body)
