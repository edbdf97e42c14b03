"""Ends instances, and believes it only from AWS."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from ..words import Words
from .attempt import Attempt, AttemptState
from .cloud import Cloud
from .errors import AwsError, UnknownInstanceError
from .instance import Instance
from .ledger import Ledger
from .mishaps import UnconfirmedError
from .runtime import Run, Sleep
from .watch import Watch, remembered

PAUSES = (1, 2, 4, 8, 15, 15, 15, 15, 15, 15, 15)
"""Seconds between asking and asking again: for longer than a new instance may be missing."""


class Ending:
    """Asks to terminate until AWS says that the instance shuts down or is terminated."""

    def __init__(self, cloud: Cloud, ledger: Ledger, watch: Watch, run: Run, sleep: Sleep) -> None:
        self._cloud = cloud
        self._ledger = ledger
        self._watch = watch
        self._run = run
        self._sleep = sleep

    async def end(self, attempt: Attempt, pauses: Sequence[float] = PAUSES) -> None:
        """End an attempt's instance, if it has one. Raises UnconfirmedError."""
        if attempt.state is AttemptState.GONE:
            return
        if attempt.state is AttemptState.PLANNED:
            await remembered(self._ledger.drop(attempt))
            return
        attempt.state = AttemptState.ENDING
        await remembered(self._ledger.save())
        await self._insist(partial(self._press, attempt), _name(attempt), pauses)

    async def put_down(self, id_: str, pauses: Sequence[float] = PAUSES) -> Instance:
        """End an instance of no attempt, and return how it ended. Raises UnconfirmedError."""
        return await self._insist(partial(self._terminate, id_), _instance(id_), pauses)

    async def _insist(
        self,
        press: Callable[[], Awaitable[Instance | None]],
        name: Words,
        pauses: Sequence[float],
    ) -> Instance:
        cause: AwsError | None = None
        for pause in (*pauses, None):
            try:
                instance, cause = await press(), None
                if instance is not None and instance.is_gone:
                    return instance
            except AwsError as error:
                instance, cause = None, error
            if pause is not None:
                await self._sleep(pause)
        is_unknown = instance is None and cause is None
        raise UnconfirmedError(name, cause, is_unknown=is_unknown) from cause

    async def _press(self, attempt: Attempt) -> Instance | None:
        if attempt.instance is None:
            await self._watch.look(attempt)
        if attempt.instance is None:
            return None
        instance = await self._terminate(attempt.instance)
        if instance is not None:
            await self._watch.note(attempt, instance)
        return instance

    async def _terminate(self, id_: str) -> Instance | None:
        """Ask once, and look; whatever the answer was, what AWS says of the instance counts."""
        refusal: AwsError | None = None
        try:
            await self._run(partial(self._cloud.terminate, id_))
        except AwsError as error:
            refusal = error
        instance = await self._run(partial(self._cloud.instance, id_))
        # What AWS does not know may only be too new: it is asked again.
        if refusal and not isinstance(refusal, UnknownInstanceError) and not _is_gone(instance):
            raise refusal
        return instance


def _name(attempt: Attempt) -> Words:
    if attempt.instance:
        return _instance(attempt.instance)
    return Words("attempt {attempt}", attempt=attempt.id)


def _instance(id_: str) -> Words:
    return Words("the instance {instance}", instance=id_)


def _is_gone(instance: Instance | None) -> bool:
    return instance is not None and instance.is_gone
