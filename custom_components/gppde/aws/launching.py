"""Launches one instance, whatever becomes of the answers."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from .attempt import Attempt, AttemptState
from .cloud import Cloud
from .errors import AwsError, CapacityError, ThrottledError, TokenSpentError, UnansweredError
from .firewall import Firewall
from .instance import Instance, Launch
from .ladder import Rung, goes_on
from .ledger import Ledger
from .mishaps import InstanceLostError, StoppedError, TooDearError
from .prices import price
from .runtime import Clock, Run, Sleep
from .watch import Watch, remembered

UNSURE = (UnansweredError, ThrottledError, TokenSpentError)
"""After these nobody knows whether something was launched: botocore itself has asked repeatedly."""
ASK = (0, 2, 10)
"""Seconds before the same is asked with the same token."""
SEARCH = (1, 5, 10, 20)
"""Seconds before looking for what may have been launched, which may be missing for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to launch: `image`, `user_data` and `volume_gib` as in Launch.

    `address` is the only one that may speak with the server, on `port`; `bearer` and `fingerprint`
    are what it is spoken to with. `ceiling` is what it may cost at most, in dollars an hour.
    """

    home: str
    persona: str
    image: str
    user_data: str = field(repr=False)
    volume_gib: int
    address: str
    port: int
    bearer: str = field(repr=False)
    fingerprint: str
    ceiling: float


class Launching:
    """Climbs the ladder. Each rung has its token, on disk before AWS is asked."""

    def __init__(
        self,
        cloud: Cloud,
        ledger: Ledger,
        firewall: Firewall,
        watch: Watch,
        run: Run,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._cloud = cloud
        self._ledger = ledger
        self._firewall = firewall
        self._watch = watch
        self._run = run
        self._clock = clock
        self._sleep = sleep
        self._asking: asyncio.Task[None] | None = None

    async def launch(self, plan: Plan, rungs: Iterable[Rung]) -> Attempt:
        """Return an attempt that has an instance. Raises AwsError's children.

        Whatever is raised, also by who cancels this: an attempt that may have an instance stays in
        the ledger, and is for `end`.
        """
        attempt = Attempt.plan(
            home=plan.home,
            persona=plan.persona,
            bearer=plan.bearer,
            fingerprint=plan.fingerprint,
            now=self._clock(),
        )
        await self._ledger.begin(attempt)
        try:
            await self._climb(attempt, plan, rungs)
        except AwsError:
            if attempt.state is AttemptState.PLANNED:
                await remembered(self._ledger.drop(attempt))
            raise
        return attempt

    async def settled(self) -> None:
        """Wait until AWS has answered whoever asked and was cancelled meanwhile."""
        while self._asking is not None and not self._asking.done():
            await asyncio.wait({self._asking})

    async def _climb(self, attempt: Attempt, plan: Plan, rungs: Iterable[Rung]) -> None:
        group = await self._run(partial(self._firewall.ensure, plan.address, plan.port))
        refusal: AwsError = CapacityError(
            "AWS offers none of the instance types in the region. Choose others, or another region."
        )
        for number, rung in enumerate(rungs):
            try:
                await self._try(attempt, number, rung, plan, group)
            except AwsError as error:
                if not goes_on(error) and not isinstance(error, TooDearError):
                    raise
                refusal = error
            else:
                return
        raise refusal

    async def _try(self, attempt: Attempt, number: int, rung: Rung, plan: Plan, group: str) -> None:
        dollars = await self._price(rung, plan.ceiling)
        _unless_stopped(attempt)
        attempt.try_on(rung, number, dollars, self._clock())
        await self._enter(attempt)
        _unless_stopped(attempt)
        self._asking = asyncio.create_task(self._ask(attempt, _launch(attempt, plan, rung, group)))
        # Shielded: what AWS answers is entered even if nobody waits for it any more.
        await asyncio.shield(self._asking)

    async def _price(self, rung: Rung, ceiling: float) -> float:
        """Return what a rung costs. What nobody knows is reckoned at the ceiling."""
        dollars = price(rung.type, is_spot=rung.is_spot)
        if rung.is_spot:
            dollars = await self._spot_price(rung) or dollars
        if dollars is not None and dollars > ceiling:
            raise TooDearError(
                "{type} costs {dollars} dollars an hour, more than the {ceiling} that you allow."
                " Allow more, or choose other types.",
                type=rung.type,
                dollars=f"{dollars:.3f}",
                ceiling=f"{ceiling:.3f}",
            )
        return ceiling if dollars is None else dollars

    async def _spot_price(self, rung: Rung) -> float | None:
        try:
            return await self._run(partial(self._cloud.spot_price, rung.type, rung.zone))
        except AwsError:
            return None

    async def _enter(self, attempt: Attempt) -> None:
        try:
            await self._ledger.save()
        except AwsError:
            attempt.state = AttemptState.PLANNED
            raise

    async def _ask(self, attempt: Attempt, launch: Launch) -> None:
        """Ask until AWS has said what became of it; failing that, look for it."""
        doubts: list[AwsError] = []
        for pause in ASK:
            await self._sleep(pause)
            try:
                instance = await self._run(partial(self._cloud.launch, launch))
            except AwsError as error:
                doubts.append(error)
                if _is_certain(doubts):
                    attempt.state = AttemptState.PLANNED
                    raise
            else:
                await self._launched(attempt, instance)
                return
        await self._search(attempt, doubts[-1])

    async def _launched(self, attempt: Attempt, instance: Instance) -> None:
        await self._watch.note(attempt, instance)
        if instance.is_gone:
            raise InstanceLostError(instance)

    async def _search(self, attempt: Attempt, doubt: AwsError) -> None:
        """Look for what may have been launched. Not to find it does not mean that it is not."""
        for pause in SEARCH:
            await self._sleep(pause)
            found = await self._find(attempt)
            if found is not None:
                await self._launched(attempt, found)
                return
        attempt.state = AttemptState.ENDING
        await remembered(self._ledger.save())
        raise doubt

    async def _find(self, attempt: Attempt) -> Instance | None:
        try:
            return await self._watch.look(attempt)
        except AwsError:
            return None


def _is_certain(errors: Sequence[AwsError]) -> bool:
    """Tell whether nothing was launched.

    Once an answer is lost, only what the token itself rules out does: where AWS has an instance for
    the token it returns it, whatever its capacity.
    """
    *earlier, last = errors
    return not isinstance(last, UNSURE) and (not earlier or goes_on(last))


def _unless_stopped(attempt: Attempt) -> None:
    if attempt.is_over:
        raise StoppedError("The launch was stopped. Nothing was launched by it.")


def _launch(attempt: Attempt, plan: Plan, rung: Rung, group: str) -> Launch:
    return Launch(
        client_token=attempt.client_token,
        home=attempt.home,
        attempt=attempt.id,
        expires=attempt.expires,
        type=rung.type,
        zone=rung.zone,
        is_spot=rung.is_spot,
        image=plan.image,
        user_data=plan.user_data,
        group=group,
        subnet=rung.subnet,
        volume_gib=plan.volume_gib,
    )
