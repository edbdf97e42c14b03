"""A stock on disk: `fresh/` and `stale/` with an mp3 and a json per quip. It blocks."""

import os
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ..files import discard, stock_errors, sync, write_whole
from .quip import Quip
from .scan import Place, Scan, Scanner, forget_heard, note_heard

RACY = 2
"""Seconds in which a folder may change again and keep its time of change."""


class StockFolder:
    """The files of one stock. Calls must not overlap, `mp3` excepted; they raise StockError.

    While it `is_held` no file that is there moves or goes, so that a backup finds what it listed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fresh = path / Place.FRESH
        self._stale = path / Place.STALE
        self._where: dict[str, Place] = {}
        self._seen: tuple[int, int] | None = None
        self._owed: set[str] = set()
        self.is_held = False

    def mp3(self, uuid: str) -> Path | None:
        """Return where a quip's mp3 lies. Does not block."""
        place = self._where.get(uuid)
        return self._path / place / f"{uuid}.mp3" if place else None

    def is_fresh(self, uuid: str) -> bool:
        """Tell whether a quip lies in `fresh/`. Does not block."""
        return self._where.get(uuid) is Place.FRESH

    def scan(self, *, patience: bool) -> Scan:
        """Put the folders in order and tell what changed since the last time."""
        if self.is_held:
            return Scan()
        for uuid in list(self._owed):
            self.move_to_stale(uuid)
        with stock_errors(self._path):
            stamp = self._stamp()
            if stamp == self._seen:
                return Scan()
            scanner = Scanner(self._path, self._where, patience=patience)
            scan = scanner.run()
        self._where = scanner.found
        racy = time.time_ns() - max(stamp) < RACY * 10**9
        self._seen = None if racy or scanner.unsettled else stamp
        return scan

    def add(self, quip: Quip, mp3: bytes) -> None:
        """Store a fresh quip, which exists from the moment its mp3 has its name."""
        metadata = self._fresh / f"{quip.uuid}.json"
        with stock_errors(self._path):
            self._create()
            try:
                write_whole(metadata, quip.as_json())
                write_whole(self._fresh / f"{quip.uuid}.mp3", mp3)
            except OSError:
                discard(metadata)
                raise
            sync(self._fresh)
        self._where[quip.uuid] = Place.FRESH

    def move_to_stale(self, uuid: str) -> None:
        """Note on disk that a quip is heard now. What fails is tried again with the next scan."""
        self._owed.add(uuid)
        # A person may have removed the file meanwhile: nothing is owed then.
        with stock_errors(self._path), suppress(FileNotFoundError):
            if self._where.get(uuid) is not Place.FRESH:
                os.utime(self._stale / f"{uuid}.mp3")
            elif self.is_held:
                note_heard(self._stale, uuid)
                return
            else:
                self._create()
                os.utime(self._fresh / f"{uuid}.mp3")
                self._move(uuid, Place.STALE)
                sync(self._stale, self._fresh)
        self._owed.discard(uuid)

    def move_to_fresh(self, uuids: Sequence[str]) -> None:
        """Note on disk that quips are to be heard once more. What fails stays where it is."""
        self._owed.difference_update(uuids)
        with stock_errors(self._path):
            self._create()
            for uuid in uuids:
                forget_heard(self._stale, uuid)
                with suppress(FileNotFoundError):
                    if self._where.get(uuid) is Place.STALE:
                        self._move(uuid, Place.FRESH)
            sync(self._fresh, self._stale)

    def heard_at(self, uuids: Iterable[str]) -> dict[str, datetime]:
        """Return when quips were last heard, in UTC, of those that lie in `stale/`."""
        times = {}
        for uuid in uuids:
            with suppress(OSError):
                heard = (self._stale / f"{uuid}.mp3").stat().st_mtime
                times[uuid] = datetime.fromtimestamp(heard, UTC)
        return times

    def _move(self, uuid: str, place: Place) -> None:
        """Move the mp3, which decides where a quip is, then what is known of it."""
        old, new = self._path / self._where[uuid], self._path / place
        for suffix in "mp3", "json":
            (old / f"{uuid}.{suffix}").rename(new / f"{uuid}.{suffix}")
            self._where[uuid] = place

    def _stamp(self) -> tuple[int, int]:
        try:
            return self._fresh.stat().st_mtime_ns, self._stale.stat().st_mtime_ns
        except FileNotFoundError:
            self._create()
            return self._stamp()

    def _create(self) -> None:
        for folder in self._fresh, self._stale:
            folder.mkdir(parents=True, exist_ok=True)
