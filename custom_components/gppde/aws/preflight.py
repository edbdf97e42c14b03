"""Is everything in place for the first launch? Looks, and spends nothing.

The one thing that is made is the home's security group, which is free and which a launch needs.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from .attempt import LIFE
from .check import Check, CheckKey, Outcome
from .cloud import ON_DEMAND_QUOTA, SPOT_QUOTA, Cloud
from .errors import AwsError
from .firewall import Firewall
from .instance import Placement
from .prices import DEAREST, cost, price
from .runtime import Clock, Run
from .wanted import Wanted

X86 = "x86_64"
CLOCK_TOLERANCE = timedelta(minutes=1)
"""AWS refuses what is five minutes off; deadlines are missed before."""

type Found = tuple[bool, dict[str, str]] | None
"""Whether all is well, and what to tell of it; None where something before it is missing."""


@dataclass(slots=True, kw_only=True)
class Preflight:
    """One look around. `aws_time` tells what time it is at AWS, and blocks."""

    cloud: Cloud
    firewall: Firewall
    wanted: Wanted
    run: Run
    clock: Clock
    aws_time: Callable[[], datetime]
    _places: list[Placement] = field(default_factory=list, init=False)
    _price: float = field(default=0, init=False)
    _has_image: bool = field(default=False, init=False)
    _group: str = field(default="", init=False)

    async def look(self) -> list[Check]:
        """Return what was looked at, in the order of CheckKey; nothing else without an identity."""
        checks: list[Check] = []
        for key, step in self._steps():
            if check := await _check(key, step):
                checks.append(check)
            if not checks[0].passed:
                break
        return checks

    def _steps(self) -> Iterator[tuple[CheckKey, Callable[[], Awaitable[Found]]]]:
        yield CheckKey.IDENTITY, self._look_who
        yield CheckKey.CLOCK, self._look_when
        yield CheckKey.PLACEMENTS, self._look_where
        if self.wanted.spot_first:
            yield CheckKey.SPOT_QUOTA, partial(self._look_how_many, SPOT_QUOTA)
        yield CheckKey.ON_DEMAND_QUOTA, partial(self._look_how_many, ON_DEMAND_QUOTA)
        yield CheckKey.PRICE, self._look_how_dear
        yield CheckKey.BUDGET, self._look_how_rich
        yield CheckKey.IMAGE, self._look_what
        yield CheckKey.ADDRESS, self._look_from_where
        yield CheckKey.SECURITY_GROUP, self._look_behind_what
        yield CheckKey.REHEARSAL, self._rehearse

    async def _look_who(self) -> Found:
        return True, {"account": await self.run(self.cloud.identity)}

    async def _look_when(self) -> Found:
        """AWS's time is from somewhere between our question and its answer."""
        asked = self.clock()
        theirs = await self.run(self.aws_time)
        off = max(asked - theirs, theirs - self.clock(), timedelta())
        return off <= CLOCK_TOLERANCE, {"seconds": f"{off.total_seconds():.0f}"}

    async def _look_where(self) -> Found:
        types = self.wanted.types
        self._places = await self.run(partial(self.cloud.placements, types))
        offered = [place.type for place in self._first_places]
        told = {"offered": ", ".join(offered), "types": ", ".join(types)}
        return bool(offered), told | {"region": self.wanted.region}

    async def _look_how_many(self, code: str) -> Found:
        quota = await self.run(partial(self.cloud.quota, code))
        needed = self.wanted.vcpus
        told = {"vcpus": f"{quota:g}", "needed": str(needed), "code": code}
        return quota >= needed, told | {"region": self.wanted.region}

    async def _look_how_dear(self) -> Found:
        """The cheapest of what may be launched."""
        if not self._places:
            return None
        prices = [
            (await self._asked_price(place, is_spot=is_spot), place.type)
            for place in self._first_places
            for is_spot in self.wanted.markets
        ]
        self._price, cheapest = min(prices)
        ceiling = self.wanted.ceiling
        told = {"price": f"{self._price:.3f}", "type": cheapest, "ceiling": f"{ceiling:g}"}
        return self._price <= ceiling, told

    async def _asked_price(self, place: Placement, *, is_spot: bool) -> float:
        asked = None
        if is_spot:
            asked = await self.run(partial(self.cloud.spot_price, place.type, place.zone))
        usual = price(place.type, is_spot=is_spot)
        return asked or usual or (DEAREST.spot if is_spot else DEAREST.on_demand)

    async def _look_how_rich(self) -> Found:
        """There is to be enough for an instance that runs until its deadline."""
        if not self._price:
            return None
        needed = cost(LIFE.total_seconds(), self._price)
        left = self.wanted.budget - self.wanted.spent
        return left >= needed, {"left": f"{left:.2f}", "needed": f"{needed:.2f}"}

    async def _look_what(self) -> Found:
        image = await self.run(partial(self.cloud.image, self.wanted.image))
        self._has_image = image.architecture in {X86, ""}
        told = {"image": image.id, "name": image.name, "architecture": image.architecture}
        return self._has_image, told

    async def _look_from_where(self) -> Found:
        return self.wanted.address is not None, {"address": self.wanted.address or ""}

    async def _look_behind_what(self) -> Found:
        if self.wanted.address is None:
            return None
        ensure = partial(self.firewall.ensure, self.wanted.address, self.wanted.port)
        self._group = await self.run(ensure)
        return True, {"group": self._group, "address": self.wanted.address}

    async def _rehearse(self) -> Found:
        if not (self._places and self._has_image and self._group):
            return None
        for place in self._first_places:
            for launch in self.wanted.launches(place, self._group, self.clock()):
                await self.run(partial(self.cloud.rehearse, launch))
        return True, {"types": ", ".join(place.type for place in self._first_places)}

    @property
    def _first_places(self) -> list[Placement]:
        """Each type in the first zone that offers it."""
        firsts: dict[str, Placement] = {}
        for place in self._places:
            firsts.setdefault(place.type, place)
        return list(firsts.values())


async def _check(key: CheckKey, step: Callable[[], Awaitable[Found]]) -> Check | None:
    try:
        found = await step()
    except AwsError as error:
        return Check(key=key, outcome=Outcome.REFUSED, refusal=error.words)
    if found is None:
        return None
    passed, told = found
    outcome = Outcome.PASSED if passed else Outcome.FAILED
    return Check(key=key, outcome=outcome, placeholders=told)
