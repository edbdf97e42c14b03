"""A household that lives: doors open, hours pass, and now and then something happens."""

import asyncio
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle

from tests.e2e.house.aws import Aws
from tests.e2e.house.errors import NotSeenError
from tests.e2e.house.waiting import until

from .happenings import HAPPENINGS, Happening
from .home import Home
from .household import HERE, STAIRS, WEEK, Days, Speaks
from .pace import Pace
from .place import Place
from .shelves import Shelves
from .troubles import TROUBLES, Trouble

ANSWER = 45
"""Seconds in which a door has waited for two busy players, one after the other."""
RELOAD = 20
QUIET = 40
MEANWHILE = timedelta(seconds=20)
MOST_MEANWHILE = timedelta(minutes=2)
"""While an instance runs, which lives by our time, the clock leaps no further than this in all."""
LONGEST_REFILL = 12
"""Seconds in which an instance boots and makes a stock full, where nothing goes wrong."""
REST = 240
BUSY = {"starting", "running"}


@dataclass(slots=True, kw_only=True)
class Life:
    """`end` is the clock's time when the week is over."""

    place: Place
    home: Home
    aws: Aws
    shelves: Shelves
    rng: random.Random
    entry_id: str
    end: datetime
    pace: Pace
    issues: set[str] = field(default_factory=set)
    spent: dict[str, float] = field(default_factory=dict)
    _before: list[int] = field(default_factory=lambda: [0, 0, 0])
    _leapt: timedelta = timedelta()
    _launched: int = 0
    _to_come: list[Happening] = field(default_factory=lambda: list(HAPPENINGS))
    _troubles: Iterator[Trouble] = field(default_factory=lambda: cycle(TROUBLES))

    @property
    def now(self) -> datetime:
        return self.home.clock.now()

    @property
    def days(self) -> Days:
        return self.place.days

    @property
    def day(self) -> timedelta:
        """How much of the week is over."""
        return WEEK - (self.end - self.now)

    async def live(self) -> None:
        """Live until the week is over."""
        while self.now < self.end:
            await self._let_happen()
            await self._follow_launches()
            await self.scene()
            await self.look()
            await self._pass_time()
        await self._come_to_rest()

    async def scene(self) -> None:
        """Let somebody pass some doors, hear them out, and close them."""
        await until("The entry, loaded anew", RELOAD, self._is_loaded)
        doors = list(self.days.scene())
        self.home.ears.hush()
        await self.open(doors)
        await self.calm()
        await self.close(doors)

    async def open(self, doors: list[Speaks]) -> None:
        """Open doors one after another."""
        for door in doors:
            await self.home.call("input_boolean.turn_on", f"input_boolean.{door.key}")
            await asyncio.sleep(self.rng.uniform(0, 0.6))

    async def close(self, doors: list[Speaks]) -> None:
        for door in doors:
            await self.home.call("input_boolean.turn_off", f"input_boolean.{door.key}")

    async def calm(self) -> None:
        """Wait until all doors have answered and all players are silent."""

        async def has_answered() -> bool:
            return not self.home.ears.pending

        with suppress(NotSeenError):
            await until("Each door's answer", ANSWER, has_answered)
        self.home.ears.give_up()
        await until("Silence", QUIET, self._is_silent)

    async def _is_silent(self) -> bool:
        speaks = await self.home.client.state(STAIRS) == "responding"
        return not speaks and await self.place.is_silent()

    async def look(self) -> None:
        """See what Home Assistant needs, and what it complains about."""
        self.home.feel()
        told = await self.home.client.command("repairs/list_issues")
        self.issues |= {
            issue["translation_key"] for issue in told["issues"] if issue["domain"] == "gppde"
        }
        spent = await self._state("spent_this_month")
        with suppress(ValueError):  # unknown, as long as it has not asked AWS
            self.spent[f"{self.now.astimezone(HERE):%B}"] = float(spent)

    async def _state(self, of: str) -> str:
        states = await self.home.client.states()
        sensor = re.compile(rf"sensor\..*_{of}")
        return next(str(state["state"]) for name, state in states.items() if sensor.fullmatch(name))

    def _accounts(self) -> list[list[str]]:
        return [self.home.ears.spoken, self.place.kitchen.heard(), self.place.attic.heard()]

    def restored(self) -> None:
        """A backup was restored: what was said since it was made was never said."""
        self.shelves.restored()
        self._before = [len(said) for said in self._accounts()]

    def repeats(self) -> set[str]:
        """Return what was said twice, by whatever account."""
        said = zip(self._accounts(), self._before, strict=True)
        return set().union(*(self.shelves.repeated(account[since:]) for account, since in said))

    async def is_refilling(self) -> bool:
        """Tell whether anything is being made, or runs at AWS."""
        if self.aws.machines.running:
            return True
        return await self._state("refill") in BUSY

    async def _let_happen(self) -> None:
        if self._to_come and self._to_come[0].at <= self.day:
            happening = self._to_come.pop(0)
            self.place.tell(happening.name)
            await happening.deed(self)

    async def _is_loaded(self) -> bool:
        [entry] = await self.home.client.command("config_entries/get", domain="gppde")
        return bool(entry["state"] == "loaded")

    async def _follow_launches(self) -> None:
        """Let each instance have its trouble, at some moment of its life."""
        if self.aws.machines.launched == self._launched:
            return
        self._launched, self._leapt = self.aws.machines.launched, timedelta()
        trouble = next(self._troubles)
        self.aws.proxy.faults[:0] = trouble.faults()
        self.place.tell(f"an instance: {trouble.name}")
        if trouble.deed and self.day < trouble.until:
            await asyncio.sleep(self.rng.uniform(0, LONGEST_REFILL))
            await trouble.deed(self)

    async def _pass_time(self) -> None:
        pause = self.days.pause(self.now, self.pace.mean_pause(self.end - self.now))
        if await self.is_refilling():
            pause = min(pause, MEANWHILE)
            if self._leapt + pause > MOST_MEANWHILE:
                return
            self._leapt += pause
        else:
            self.pace.pauses += 1
        await self.home.leap(min(self.now + pause, self.end))

    async def _come_to_rest(self) -> None:
        """Let the last refills end."""

        async def rests() -> bool:
            return not await self.is_refilling()

        await until("The end of the last refill", REST, rests)
        await self.calm()
        await self.look()
