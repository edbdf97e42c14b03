"""What we owe AWS: attempts that may have an instance, and what the others have cost."""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import Path

from .attempt import LIFE, Attempt, AttemptState
from .bill import Bill
from .instance import Instance
from .ledger_file import Content, LedgerBrokenError, LedgerError, read, set_aside, write
from .prices import cost
from .runtime import Run

__all__ = ["Ledger", "LedgerBrokenError", "LedgerError"]

BILLS_AT_MOST = 1000


class Ledger:
    """Outlives every crash: what a coroutine here was told is whole on disk when it returns.

    An attempt is entered before AWS is asked, and leaves only for what AWS itself has said.
    Coroutines raise LedgerError. Until `load` could read the file nothing is written over it.
    """

    def __init__(self, path: Path, run: Run) -> None:
        self._path = path
        self._run = run
        self._content = Content()
        self._is_readable = False
        self._disk = asyncio.Lock()

    @property
    def is_readable(self) -> bool:
        """Whether the file was read; else nothing can be launched."""
        return self._is_readable

    @property
    def attempts(self) -> list[Attempt]:
        """All that may have an instance."""
        return list(self._content.attempts)

    @property
    def running(self) -> Attempt | None:
        """The one attempt that is to go on."""
        return next((one for one in self._content.attempts if not one.is_over), None)

    @property
    def unconfirmed(self) -> list[Attempt]:
        """The attempts that were ended, and of which AWS has not said yet that they are."""
        return [one for one in self._content.attempts if one.is_over]

    @property
    def bills(self) -> list[Bill]:
        """What instances have cost, in the order in which they ended."""
        return list(self._content.bills)

    def spent(self, month: str) -> float:
        """Return the dollars of a month such as "2026-11", as far as instances have ended."""
        return sum(bill.dollars for bill in self._content.bills if bill.month == month)

    def owed(self, now: datetime) -> float:
        """Return the dollars run up so far by what may still be running.

        None is reckoned beyond its deadline: who comes back after days would have no budget left.
        """
        return sum(
            cost(min(now - one.launched, LIFE).total_seconds(), one.price)
            for one in self._content.attempts
            if one.launched
        )

    async def load(self) -> None:
        """Read what was written last.

        Raises LedgerBrokenError where it cannot be understood: look for instances by tag before
        anything else, and only then `start_anew`.
        """
        self._content = await self._run(partial(read, self._path))
        self._is_readable = True

    async def start_anew(self) -> None:
        """Put a broken file aside, and keep what became known since."""
        async with self._disk:
            await self._run(partial(set_aside, self._path))
        self._is_readable = True
        await self.save()

    async def begin(self, attempt: Attempt) -> None:
        """Enter an attempt, before AWS is asked for anything."""
        if self.running is not None:
            raise LedgerError("An instance is being used already. Wait until it has ended.")
        self._content.attempts.append(attempt)
        try:
            await self.save()
        except LedgerError:
            self._remove(attempt)
            raise

    async def save(self) -> None:
        """Write it all, as it is at this moment."""
        # Shielded: a caller that is cancelled must not let two writes overlap.
        await asyncio.shield(self._save())

    async def drop(self, attempt: Attempt) -> None:
        """Forget an attempt for which nothing was launched, as AWS says."""
        if attempt.instance is not None:
            raise _still_running(attempt)
        await self._close(attempt, None)

    async def finish(self, attempt: Attempt, instance: Instance, now: datetime) -> None:
        """Forget an attempt whose instance AWS calls gone, and reckon what it has cost."""
        if attempt.instance != instance.id or not instance.is_gone:
            raise _still_running(attempt)
        bill = Bill.of(instance, now, attempt.price)
        attempt.launched = bill.started
        attempt.ended = bill.ended
        await self._close(attempt, bill)

    async def give_up(self, attempt: Attempt) -> None:
        """Forget an attempt whose instance AWS has not known for so long that there is none.

        It is reckoned as if it had run until its deadline, since nobody tells how long it did.
        """
        await self._close(attempt, attempt.bill())

    async def add(self, bill: Bill) -> None:
        """Enter what an instance has cost that belonged to no attempt."""
        self._enter(bill)
        await self.save()

    async def _close(self, attempt: Attempt, bill: Bill | None) -> None:
        attempt.state = AttemptState.GONE
        if bill is not None:
            self._enter(bill)
        self._remove(attempt)
        await self.save()

    def _enter(self, bill: Bill) -> None:
        others = [one for one in self._content.bills if one.instance != bill.instance]
        self._content.bills = [*others, bill][-BILLS_AT_MOST:]

    def _remove(self, attempt: Attempt) -> None:
        self._content.attempts = [one for one in self._content.attempts if one.id != attempt.id]

    async def _save(self) -> None:
        if not self._is_readable:
            raise LedgerError(
                "{path} could not be read, so it is not written over.", path=str(self._path)
            )
        async with self._disk:
            await self._run(partial(write, self._path, self._content.as_json()))


def _still_running(attempt: Attempt) -> LedgerError:
    return LedgerError(
        "The instance {instance} may be running: it is not forgotten.",
        instance=attempt.instance or "",
    )
