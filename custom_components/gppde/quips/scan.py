"""One look over a stock's folders, which puts them in order on the way."""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from ..errors import ArchiveError, StockError
from ..files import PART, in_words, move_into, sync, write_whole
from .mp3 import quip_of
from .quip import Quip, is_uuid

UNREADABLE = "unreadable"
HEARD = ".heard"
SETTLED = 10
"""Seconds without a change after which a file is no longer being copied."""


class Place(StrEnum):
    """The folder of a quip: not yet heard, or heard."""

    FRESH = "fresh"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Report:
    """Names of files: mp3s that were made quips, and what was set aside as unreadable."""

    adopted: list[str] = field(default_factory=list)
    set_aside: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scan:
    """What changed since the last look: quips that came or moved, the oldest made and the longest
    not heard first; uuids that went; and what kept the folders from being put in order.
    """

    fresh: list[Quip] = field(default_factory=list)
    stale: list[Quip] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    report: Report = field(default_factory=Report)
    trouble: StockError | None = None


def note_heard(stale: Path, uuid: str) -> None:
    """Leave a note for the next look that a quip belongs here; it moves nothing."""
    stale.mkdir(parents=True, exist_ok=True)
    _note(stale, uuid).touch()
    sync(stale)


def forget_heard(stale: Path, uuid: str) -> None:
    """Take such a note back, if there is one."""
    _note(stale, uuid).unlink(missing_ok=True)


def _note(stale: Path, uuid: str) -> Path:
    return stale / f".{uuid}{HEARD}"


class Scanner:
    """Looks once; `found` says afterwards where each quip lies. With `patience`, a file that is
    unreadable but young is left for the next look. Raises OSError where a folder cannot be listed.
    """

    def __init__(self, path: Path, known: Mapping[str, Place], *, patience: bool) -> None:
        self.found: dict[str, Place] = {}
        self.unsettled = False
        self._path = path
        self._known = known
        self._patience = patience
        self._heard: dict[str, float] = {}
        self._quips: list[Quip] = []
        self._report = Report()
        self._trouble: StockError | None = None

    def run(self) -> Scan:
        """Look, and put in order."""
        self._follow_notes(self._path / Place.STALE)
        names = {place: self._names(place) for place in Place}
        for place, other in (Place.FRESH, Place.STALE), (Place.STALE, Place.FRESH):
            self._reunite(place, names[place], other, names[other])
        # Stale first: of two files with one uuid, the one that was heard is believed.
        for place in Place.STALE, Place.FRESH:
            for name in sorted(self._news(place, names[place])):
                self._look(place, name)
        return self._result()

    def _follow_notes(self, stale: Path) -> None:
        """Move what was heard while nothing might move, and has not been moved since."""
        for name in os.listdir(stale):  # noqa: PTH208  a hundred thousand Paths are slow
            if name.endswith(HEARD):
                with self._tolerance():
                    self._follow(stale / name)

    def _follow(self, note: Path) -> None:
        mp3 = f"{note.name.removeprefix('.').removesuffix(HEARD)}.mp3"
        heard = note.stat().st_mtime
        with suppress(FileNotFoundError):
            moved = (self._path / Place.FRESH / mp3).rename(note.with_name(mp3))
            os.utime(moved, (heard, heard))
        note.unlink()

    def _names(self, place: Place) -> set[str]:
        names = set(os.listdir(self._path / place))  # noqa: PTH208  # a hundred thousand Paths are slow
        hidden = {name for name in names if name.startswith(".")}
        for name in hidden:
            if name.endswith(PART):
                with self._tolerance():
                    (self._path / place / name).unlink()
        return names - hidden

    def _reunite(self, place: Place, names: set[str], other: Place, other_names: set[str]) -> None:
        """Let metadata follow its mp3, and drop that of an mp3 which never came."""
        mp3s = {name.removesuffix(".mp3") for name in names}
        for name in [name for name in names if name.endswith(".json")]:
            uuid = name.removesuffix(".json")
            if uuid in mp3s or not is_uuid(uuid):
                continue
            names.discard(name)
            with self._tolerance():
                if f"{uuid}.mp3" in other_names and name not in other_names:
                    (self._path / place / name).rename(self._path / other / name)
                else:
                    (self._path / place / name).unlink()

    def _news(self, place: Place, names: set[str]) -> Iterator[str]:
        """Yield the mp3s that did not lie here the last time, for sorting them all takes long."""
        for name in names:
            uuid = name.removesuffix(".mp3")
            if uuid not in self.found and self._known.get(uuid) is place:
                self.found[uuid] = place
            elif name.lower().endswith(".mp3"):
                yield name

    def _look(self, place: Place, name: str) -> None:
        uuid = name.removesuffix(".mp3")
        with self._tolerance():
            if uuid in self.found or not self._read(place, uuid):
                self._adopt(place, name)

    def _read(self, place: Place, uuid: str) -> bool:
        path = f"{self._path}/{place}/{uuid}"
        try:
            with open(f"{path}.json", "rb", buffering=0) as file:  # noqa: PTH123
                quip = Quip.from_json(file.read())
            stat = os.stat(f"{path}.mp3")  # noqa: PTH116
        except ArchiveError, FileNotFoundError:
            return False
        if quip.uuid != uuid or not stat.st_size:
            return False
        self._keep(place, quip, stat.st_mtime)
        return True

    def _adopt(self, place: Place, name: str) -> None:
        """Make a quip of an mp3 that a person put there, or set it aside."""
        mp3 = self._path / place / name
        changed = mp3.stat().st_mtime
        try:
            quip = quip_of(mp3)
        except ArchiveError:
            self._refuse(mp3, changed)
            return
        self._set_aside(mp3.with_suffix(".json"))
        write_whole(mp3.with_name(f"{quip.uuid}.json"), quip.as_json())
        mp3.rename(mp3.with_name(f"{quip.uuid}.mp3"))
        self._report.adopted.append(name)
        self._keep(place, quip, changed)

    def _refuse(self, mp3: Path, changed: float) -> None:
        if self._patience and time.time() - changed < SETTLED:
            self.unsettled = True
        else:
            self._set_aside(mp3)
            self._set_aside(mp3.with_suffix(".json"))

    def _set_aside(self, file: Path) -> None:
        if file.exists():
            move_into(self._path / UNREADABLE, file)
            self._report.set_aside.append(file.name)

    def _keep(self, place: Place, quip: Quip, heard: float) -> None:
        self.found[quip.uuid] = place
        self._quips.append(quip)
        self._heard[quip.uuid] = heard

    @contextmanager
    def _tolerance(self) -> Iterator[None]:
        """One file that cannot be dealt with does not keep the others from being said."""
        try:
            yield
        except OSError as error:
            self.unsettled = True
            self._trouble = in_words(error, self._path)

    def _result(self) -> Scan:
        fresh = [quip for quip in self._quips if self.found[quip.uuid] is Place.FRESH]
        stale = [quip for quip in self._quips if self.found[quip.uuid] is Place.STALE]
        return Scan(
            fresh=sorted(fresh, key=lambda quip: (quip.created, quip.uuid)),
            stale=sorted(stale, key=lambda quip: self._heard[quip.uuid]),
            gone=list(self._known.keys() - self.found.keys()),
            report=self._report,
            trouble=self._trouble,
        )
