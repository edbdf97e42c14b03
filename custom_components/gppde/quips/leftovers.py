"""Quips that no persona owns any more: found, counted, and deleted if a person says so."""

import re
from collections.abc import Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..files import stock_errors, sync
from .scan import Place

_UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS = re.compile(rf"{_UUID}\.(mp3|json)|\.{_UUID}\.(mp3|json)\.part")
"""A quip, or what a crash left of one."""


@dataclass(frozen=True, slots=True)
class Leftovers:
    """The stocks' folders in `ids`; `count` quips, `size` bytes with all that belongs to them."""

    ids: tuple[str, ...]
    count: int
    size: int

    @property
    def key(self) -> str:
        """What differs as soon as other folders are left over."""
        return sha256("/".join(self.ids).encode()).hexdigest()[:12]


def find_leftovers(stocks: Path, owned: Container[str]) -> Leftovers | None:
    """Return the stocks with quips that nobody of `owned` has, if there are any. It blocks.

    Raises StockError.
    """
    with stock_errors(stocks):
        found = {folder.name: list(_files(folder)) for folder in _strangers(stocks, owned)}
        ids = tuple(sorted(id_ for id_, files in found.items() if files))
        files = [file for id_ in ids for file in found[id_]]
        if not files:
            return None
        count = sum(file.suffix == ".mp3" for file in files)
        return Leftovers(ids, count, sum(file.lstat().st_size for file in files))


def delete_leftovers(stocks: Path, owned: Container[str]) -> None:
    """Delete the quips that nobody of `owned` has, and nothing that a person put there. It blocks.

    Raises StockError.
    """
    with stock_errors(stocks):
        for folder in list(_strangers(stocks, owned)):
            for file in list(_files(folder)):
                file.unlink(missing_ok=True)
            _remove_empty(*(folder / place for place in Place), folder)
    _remove_empty(stocks)


def give_leftovers(stocks: Path, owned: Container[str], to: str) -> None:
    """Move the quips that nobody of `owned` has into the stock of that id. It blocks.

    Raises StockError.
    """
    heaps = {place: stocks / to / place for place in Place}
    with stock_errors(stocks):
        for heap in heaps.values():
            heap.mkdir(parents=True, exist_ok=True)
        for folder in list(_strangers(stocks, owned)):
            for file in sorted(_files(folder)):  # json before mp3, which makes a quip
                file.replace(heaps[Place(file.parent.name)] / file.name)
        sync(*heaps.values())
    delete_leftovers(stocks, owned)


def _strangers(stocks: Path, owned: Container[str]) -> Iterator[Path]:
    if not stocks.is_dir():
        return
    for folder in stocks.iterdir():
        if folder.is_dir() and not folder.is_symlink() and folder.name not in owned:
            yield folder


def _remove_empty(*folders: Path) -> None:
    for folder in folders:
        with suppress(OSError):  # it is not empty, or not there
            folder.rmdir()


def _files(folder: Path) -> Iterator[Path]:
    for heap in (folder / place for place in Place):
        if heap.is_dir() and not heap.is_symlink():
            yield from (file for file in heap.iterdir() if _OURS.fullmatch(file.name))
