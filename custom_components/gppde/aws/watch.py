"""What AWS says of an attempt's instance, and that the ledger hears of it."""

import logging
from collections.abc import Awaitable
from functools import partial

from .attempt import Attempt, AttemptState
from .cloud import Cloud
from .instance import Instance
from .ledger import Ledger, LedgerError
from .runtime import Clock, Run

NOT_YET = {AttemptState.PLANNED, AttemptState.ASKED}

_LOGGER = logging.getLogger(__name__)


class Watch:
    """Looks at instances; the one place where an attempt ends because AWS calls it gone."""

    def __init__(self, cloud: Cloud, ledger: Ledger, run: Run, clock: Clock) -> None:
        self._cloud = cloud
        self._ledger = ledger
        self._run = run
        self._clock = clock

    async def look(self, attempt: Attempt) -> Instance | None:
        """Return what AWS says of an attempt's instance, found by its tag if need be.

        None: AWS does not know it, which for a new one says nothing. Raises AwsError.
        """
        instance = await self._told(attempt)
        if instance is not None:
            await self.note(attempt, instance)
        return instance

    async def note(self, attempt: Attempt, instance: Instance) -> None:
        """Enter what AWS said; once it calls the instance gone, the attempt is forgotten."""
        before = attempt.as_json()
        attempt.instance = instance.id
        attempt.launched = instance.launched
        attempt.address = instance.address or attempt.address
        if attempt.state in NOT_YET:
            attempt.state = AttemptState.LAUNCHED
        if instance.is_gone:
            await remembered(self._ledger.finish(attempt, instance, self._clock()))
        elif attempt.as_json() != before:
            await remembered(self._ledger.save())

    async def _told(self, attempt: Attempt) -> Instance | None:
        if attempt.instance is not None:
            return await self._run(partial(self._cloud.instance, attempt.instance))
        tagged = await self._run(partial(self._cloud.by_attempt, attempt.home, attempt.id))
        return min(tagged, key=lambda instance: instance.is_gone, default=None)


async def remembered(saving: Awaitable[None]) -> None:
    """Go on where the disk fails: what is on it suffices to find the instance and to end it."""
    try:
        await saving
    except LedgerError as error:
        _LOGGER.warning("The ledger lacks the latest news: %s", error)
