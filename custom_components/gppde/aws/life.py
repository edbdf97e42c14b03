"""One instance's life: launched, reached, resumed after a restart, and ended."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from .attempt import Attempt, AttemptState
from .cloud import Cloud
from .ending import PAUSES, Ending
from .errors import ThrottledError, UnansweredError
from .firewall import Firewall
from .instance import Instance
from .ladder import Rung
from .launching import SEARCH, Launching, Plan
from .ledger import Ledger
from .mishaps import AddressError, InstanceLostError, UnconfirmedError
from .runtime import Clock, Run, Sleep
from .watch import Watch

__all__ = ["Life", "Plan", "UnconfirmedError"]

LOOKS_FOR_ADDRESS = 60
BETWEEN_LOOKS = 2
TOO_LATE = timedelta(minutes=1)
"""With less than this left an instance is not worth going on with."""


class Life:
    """Blocking work is done by `run`. Every coroutine raises AwsError's children."""

    def __init__(
        self,
        cloud: Cloud,
        ledger: Ledger,
        firewall: Firewall,
        run: Run,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._sleep = sleep
        self._watch = Watch(cloud, ledger, run, clock)
        self._launching = Launching(cloud, ledger, firewall, self._watch, run, clock, sleep)
        self._ending = Ending(cloud, ledger, self._watch, run, sleep)

    async def launch(self, plan: Plan, rungs: Iterable[Rung]) -> Attempt:
        """Return an attempt that has an instance.

        Whatever is raised, also by who cancels this: what may have an instance is in the ledger,
        and `end(ledger.running)` ends it.
        """
        return await self._launching.launch(plan, rungs)

    async def address(self, attempt: Attempt) -> str:
        """Return the instance's public address, for which it waits two minutes at most.

        Raises InstanceLostError where AWS ended it, AddressError where none comes.
        """
        for _ in range(LOOKS_FOR_ADDRESS):
            instance = await self._look(attempt)
            if instance is not None and instance.address is not None:
                return instance.address
            await self._sleep(BETWEEN_LOOKS)
        raise AddressError(
            "The instance {instance} got no public address. Let the default subnets of the"
            " region give public IPv4 addresses.",
            instance=attempt.instance or "",
        )

    async def look(self, attempt: Attempt) -> None:
        """See that the instance still lives; raises InstanceLostError where AWS ended it."""
        await self._look(attempt)

    async def resume(self, attempt: Attempt) -> bool:
        """Tell, after a restart, whether the instance lives and has time left.

        If not it is ended; raises UnconfirmedError where AWS does not confirm that.
        """
        instance = await self._found(attempt)
        if instance is not None and instance.is_gone:
            return False
        if instance is not None and attempt.time_left(self._clock()) >= TOO_LATE:
            return True
        await self.end(attempt)
        return False

    async def end(self, attempt: Attempt, pauses: Sequence[float] = PAUSES) -> None:
        """Terminate, and ask until AWS says that it is going; then the attempt is forgotten.

        Raises UnconfirmedError after the last of the `pauses`, in seconds: the ledger's
        `unconfirmed` keeps it for the reconciler.
        """
        await self._launching.settled()
        await self._ending.end(attempt, pauses)

    async def put_down(self, id_: str, pauses: Sequence[float] = PAUSES) -> Instance:
        """End an instance that belongs to no attempt, and return how it ended."""
        return await self._ending.put_down(id_, pauses)

    async def _look(self, attempt: Attempt) -> Instance | None:
        try:
            instance = await self._watch.look(attempt)
        except UnansweredError, ThrottledError:
            return None
        if instance is not None and instance.is_gone:
            raise InstanceLostError(instance)
        return instance

    async def _found(self, attempt: Attempt) -> Instance | None:
        """Look as long as a new instance may be missing."""
        if attempt.state is AttemptState.PLANNED:
            return None
        instance = await self._watch.look(attempt)
        for pause in SEARCH:
            if instance is not None:
                break
            await self._sleep(pause)
            instance = await self._watch.look(attempt)
        return instance
