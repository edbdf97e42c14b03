"""A persona's quips: drawn from memory in microseconds, kept on disk across crashes."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import batched, chain, islice, takewhile
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from ..errors import StockError
from .folder import StockFolder
from .quip import Quip
from .scan import Report, Scan

LONGEST_HOLD = 120
"""Seconds that a new quip waits for a backup: a refill that waited for more would give up."""

HANDFUL = 200
"""Quips dealt with at a time: neither the loop nor a door that opens waits for more of them."""

_AGE: Final = attrgetter("created")

type Shelf = OrderedDict[str, Quip]
type Run = Callable[..., Awaitable[Any]]


class Stock:
    """Fresh quips are not yet heard, stale ones are, drawn ones are about to be.

    The plain methods work on memory alone, in the event loop; the coroutines work on the disk
    through `run`, one at a time, and raise StockError.
    """

    def __init__(self, folder: Path, run: Run) -> None:
        self._folder = StockFolder(folder)
        self._run = run
        self._disk = asyncio.Lock()
        self._may_add = asyncio.Event()
        self._may_add.set()
        self._held_until = 0.0
        self._fresh: Shelf = OrderedDict()
        self._stale: Shelf = OrderedDict()
        self._drawn: dict[str, tuple[Quip, Shelf]] = {}

    @property
    def fresh_count(self) -> int:
        """How many quips wait to be drawn for the first time."""
        return len(self._fresh)

    @property
    def stale_count(self) -> int:
        """How many quips were heard."""
        return len(self._stale)

    def fresh(self, limit: int | None = None) -> list[Quip]:
        """Return the fresh quips in the order in which they will be drawn, or the first of them."""
        return list(islice(self._fresh.values(), limit))

    def stale(self, limit: int | None = None) -> list[Quip]:
        """Return the stale quips, the last heard first, or the first of them."""
        return list(islice(reversed(self._stale.values()), limit))

    def texts(self, limit: int | None = None) -> list[str]:
        """Return the texts of all quips, heard or not, the newest first, or the first of them."""
        drawn = (quip for quip, _ in reversed(self._drawn.values()))
        quips = chain(reversed(self._fresh.values()), drawn, reversed(self._stale.values()))
        return [quip.text for quip in islice(quips, limit)]

    def get(self, uuid: str) -> Quip | None:
        """Return the quip of that name, wherever it is."""
        drawn, _ = self._drawn.get(uuid, (None, None))
        return drawn or self._fresh.get(uuid) or self._stale.get(uuid)

    def path(self, uuid: str) -> Path | None:
        """Return where a quip's mp3 lies at this moment."""
        return self._folder.mp3(uuid)

    def is_fresh(self, uuid: str) -> bool:
        """Tell whether a quip was never heard, be it drawn or not."""
        _, shelf = self._drawn.get(uuid, (None, None))
        return uuid in self._fresh or shelf is self._fresh

    def draw(self, *, repeat: bool) -> Quip | None:
        """Take the oldest fresh quip; failing that, with `repeat`, the one longest not heard."""
        shelf = self._fresh or (self._stale if repeat else None)
        if not shelf:
            return None
        uuid, quip = shelf.popitem(last=False)
        self._drawn[uuid] = quip, shelf
        return quip

    def draw_named(self, uuid: str) -> Quip | None:
        """Take a quip wherever it is, also one that is drawn already. None: it is unknown."""
        for shelf in self._fresh, self._stale:
            if quip := shelf.pop(uuid, None):
                self._drawn[uuid] = quip, shelf
        return self.get(uuid)

    def give_back(self, quip: Quip) -> None:
        """Let a drawn quip that nobody heard be the next to be drawn."""
        _, shelf = self._drawn.pop(quip.uuid, (None, None))
        if shelf is not None:
            shelf[quip.uuid] = quip
            shelf.move_to_end(quip.uuid, last=False)

    async def hold(self) -> None:
        """Keep every file where it is until the release, for a backup is being taken.

        What is heard meanwhile is noted beside; what is new waits for LONGEST_HOLD at most.
        """
        self._held_until = asyncio.get_running_loop().time() + LONGEST_HOLD
        self._may_add.clear()
        async with self._disk:
            self._folder.is_held = True

    def release(self) -> None:
        """Let files move again; those that are owed do with the next scan."""
        self._folder.is_held = False
        self._may_add.set()

    async def load(self) -> Report:
        """Index the folder."""
        return await asyncio.shield(self._scan(patience=False))

    async def rescan(self) -> Report:
        """Notice what a person changed in the folder; cheap where nothing did."""
        return await asyncio.shield(self._scan(patience=True))

    async def add(self, quip: Quip, mp3: bytes) -> bool:
        """Store a fresh quip. False: that uuid is known."""
        return await asyncio.shield(self._add(quip, mp3))

    async def mark_stale(self, uuid: str) -> None:
        """Note that a quip is heard now: in memory at once, then on disk."""
        if quip := self._take(uuid):
            self._stale[uuid] = quip
            await asyncio.shield(self._move_to_stale(uuid))

    async def recycle(self) -> int:
        """Let all stale quips be drawn as if nobody had heard them; return how many there were.

        Where the disk fails, those that it did not move stay stale.
        """
        return await asyncio.shield(self._recycle())

    async def heard_at(self, uuids: Iterable[str]) -> dict[str, datetime]:
        """Return when quips were last heard, in UTC; those missing are not stale on disk."""
        times: dict[str, datetime] = await self._run(self._folder.heard_at, list(uuids))
        return times

    # These run shielded: a caller that is cancelled must not let two disk operations overlap.

    async def _scan(self, *, patience: bool) -> Report:
        async with self._disk:
            scan: Scan = await self._run(partial(self._folder.scan, patience=patience))
            await self._apply(scan)
        if scan.trouble:
            raise scan.trouble
        return scan.report

    async def _add(self, quip: Quip, mp3: bytes) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._held_until):
                await self._may_add.wait()
        async with self._disk:
            if self.get(quip.uuid):
                return False
            await self._run(self._folder.add, quip, mp3)
            self._put_fresh([quip])
        return True

    async def _move_to_stale(self, uuid: str) -> None:
        async with self._disk:
            await self._run(self._folder.move_to_stale, uuid)

    async def _recycle(self) -> int:
        self._check_free()
        quips = list(self._stale.values())
        # In memory first: what is heard while the disk works is put back behind us.
        async for some in _handfuls(sorted([*self.fresh(), *quips], key=_AGE)):
            self._let_be_fresh(some)
        try:
            return sum([await self._move_to_fresh(some) async for some in _handfuls(quips)])
        finally:
            async for some in _handfuls(quips):
                self._put_back(some)

    def _check_free(self) -> None:
        if self._folder.is_held:
            raise StockError("A backup is being taken. Try again when it is done.")

    def _let_be_fresh(self, quips: Iterable[Quip]) -> None:
        for quip in quips:
            if self._stale.pop(quip.uuid, None) or quip.uuid in self._fresh:
                self._fresh[quip.uuid] = quip
                self._fresh.move_to_end(quip.uuid)

    async def _move_to_fresh(self, quips: Iterable[Quip]) -> int:
        """Move those that nobody heard meanwhile, and return how many that were."""
        async with self._disk:
            self._check_free()
            uuids = [quip.uuid for quip in quips if self.is_fresh(quip.uuid)]
            await self._run(self._folder.move_to_fresh, uuids)
            return sum(map(self._folder.is_fresh, uuids))

    def _put_back(self, quips: Iterable[Quip]) -> None:
        """Let those be stale that the disk did not make fresh."""
        for quip in quips:
            if quip.uuid in self._fresh and not self._folder.is_fresh(quip.uuid):
                self._stale[quip.uuid] = self._fresh.pop(quip.uuid)

    async def _apply(self, scan: Scan) -> None:
        async for uuids in _handfuls(scan.gone):
            self._forget(uuids)
        async for quips in _handfuls(scan.fresh):
            self._forget(quip.uuid for quip in quips)
            self._put_fresh(quips)
        async for quips in _handfuls(scan.stale):
            self._forget(quip.uuid for quip in quips)
            self._stale.update((quip.uuid, quip) for quip in quips)

    def _put_fresh(self, quips: Sequence[Quip]) -> None:
        """Put quips, the oldest first, where they belong by their age: mostly at the end."""
        oldest = quips[0].created
        newer = takewhile(lambda quip: quip.created > oldest, reversed(self._fresh.values()))
        for quip in sorted([*newer, *quips], key=_AGE):
            self._fresh[quip.uuid] = quip
            self._fresh.move_to_end(quip.uuid)

    def _forget(self, uuids: Iterable[str]) -> None:
        for uuid in uuids:
            self._take(uuid)

    def _take(self, uuid: str) -> Quip | None:
        drawn, _ = self._drawn.pop(uuid, (None, None))
        return drawn or self._fresh.pop(uuid, None) or self._stale.pop(uuid, None)


async def _handfuls[T](things: Sequence[T]) -> AsyncIterator[tuple[T, ...]]:
    """Yield all, and let the loop turn in between."""
    for some in batched(things, HANDFUL, strict=False):
        yield some
        await asyncio.sleep(0)
