"""Ends what should not run: at start, every ten minutes, at unload and at removal."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial

from .attempt import LIFE, Attempt
from .bill import Bill
from .cloud import Cloud
from .instance import Instance
from .ledger import Ledger
from .life import Life
from .mishaps import UnconfirmedError
from .runtime import Clock, Run, Sleep
from .since import Since
from .watch import remembered

MARGIN = timedelta(minutes=3)
"""Before the deadline an instance is given up that has outlived all that should have ended it: two
looks, and AWS's time to end it, are still to come.
"""
GRACE = 60
"""Seconds between the two looks after which something is ended: one look may be wrong."""
UNKNOWN_FOR = 1800
"""Seconds after which an instance that AWS does not know, and whose time is over, is none."""
PAUSES = (2, 5, 10)
"""Seconds between asking and asking again within one look."""

_LOGGER = logging.getLogger(__name__)


@dataclass(slots=True)
class Findings:
    """Names of instances, or of attempts that may have one.

    `suspects` are ended if they are still there at a later look, `ended` are confirmed to be gone.
    The `missing` were ended, and AWS knows nothing of them: most likely they are long gone. The
    `unconfirmed` may be running, and a person has to be told.
    """

    suspects: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unconfirmed: list[str] = field(default_factory=list)


class Reconciler:
    """Compares what bears the home's tag with the ledger.

    `monotonic` tells seconds by a clock that nobody sets.
    """

    def __init__(
        self,
        home: str,
        cloud: Cloud,
        ledger: Ledger,
        life: Life,
        run: Run,
        clock: Clock,
        sleep: Sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home = home
        self._cloud = cloud
        self._ledger = ledger
        self._life = life
        self._run = run
        self._clock = clock
        self._sleep = sleep
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._suspected = Since(monotonic)
        self._running = Since(monotonic)
        self._unknown = Since(monotonic)

    async def look(self) -> Findings:
        """Look once, and end what was suspect at an earlier look too. Raises AwsError."""
        async with self._turn:
            told = await self._run(partial(self._cloud.instances, self._home))
            suspects = self._suspects(told)
            due = [one for name, one in suspects.items() if self._suspected.note(name) >= GRACE]
            self._suspected.keep(suspects)
            findings = Findings()
            for one in (*self._ledger.unconfirmed, *due):
                await self._end(one, findings)
            findings.suspects = [_name(one) for one in suspects.values() if one not in due]
            return findings

    async def sweep(self) -> Findings:
        """Look, and where something is suspect look again, a minute later. Raises AwsError."""
        first = await self.look()
        if not first.suspects:
            return first
        await self._sleep(GRACE + 1)
        second = await self.look()
        second.ended = first.ended + second.ended
        return second

    def _suspects(self, told: list[Instance]) -> dict[str, Attempt | Instance]:
        """Return the running attempt if its time is over, and instances that belong to none."""
        attempts = self._ledger.attempts
        running = self._ledger.running
        overdue = [running] if running and self._is_overdue(running) else []
        strangers = [
            instance
            for instance in told
            if not instance.is_gone and not any(_has(attempt, instance) for attempt in attempts)
        ]
        suspects: list[Attempt | Instance] = [*overdue, *strangers]
        return {one.id: one for one in suspects}

    def _is_overdue(self, running: Attempt) -> bool:
        # Each rung has its token, and its time.
        self._running.keep([running.client_token])
        watched = self._running.note(running.client_token)
        left = running.time_left(self._clock())
        return watched >= (LIFE - MARGIN).total_seconds() or left <= MARGIN

    async def _end(self, one: Attempt | Instance, findings: Findings) -> None:
        try:
            if isinstance(one, Attempt):
                await self._end_attempt(one)
            else:
                gone = await self._life.put_down(one.id, PAUSES)
                await remembered(self._ledger.add(Bill.of(gone, self._clock())))
            findings.ended.append(_name(one))
        except UnconfirmedError as error:
            _LOGGER.warning("%s", error)
            (findings.missing if error.is_unknown else findings.unconfirmed).append(_name(one))

    async def _end_attempt(self, attempt: Attempt) -> None:
        try:
            await self._life.end(attempt, PAUSES)
        except UnconfirmedError as error:
            if not self._is_nowhere(attempt, error):
                raise
            await remembered(self._ledger.give_up(attempt))

    def _is_nowhere(self, attempt: Attempt, error: UnconfirmedError) -> bool:
        """Tell whether there is nothing to end, as when we come back after days."""
        if not error.is_unknown:
            self._unknown.forget(attempt.id)
            return False
        seconds = self._unknown.note(attempt.id)
        return seconds >= UNKNOWN_FOR and not attempt.time_left(self._clock())


def _has(attempt: Attempt, instance: Instance) -> bool:
    if attempt.instance is None:
        return instance.attempt == attempt.id
    return instance.id == attempt.instance


def _name(one: Attempt | Instance) -> str:
    return one.instance or one.id if isinstance(one, Attempt) else one.id
