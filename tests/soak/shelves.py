"""Looks into the stocks as a person does who opens the folders, and misses what is gone."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

EACH = 0.5


@dataclass(slots=True)
class Shelves:
    """`known` are all quips that ever lay there, since the last backup was restored."""

    stocks: Path
    known: set[str] = field(default_factory=set)
    _stale_before: set[str] = field(default_factory=set)

    async def watch(self) -> None:
        """Look again and again, until cancelled."""
        while True:
            self.known |= self._lying("*")
            await asyncio.sleep(EACH)

    def lost(self) -> set[str]:
        """Return what lay there once, and does not any more."""
        # A quip moves from one shelf to the other meanwhile, but not back.
        return self.known - self._lying("fresh") - self._lying("stale")

    def restored(self) -> None:
        """Know only what the backup held, and what of it had been said."""
        self.known = self._lying("*")
        self._stale_before = self._lying("stale")

    def repeated(self, heard: Iterable[str]) -> set[str]:
        """Return which quips were heard twice since then."""
        times = Counter(heard) + Counter(self._stale_before)
        return {uuid for uuid, count in times.items() if count > 1}

    def _lying(self, shelf: str) -> set[str]:
        return {mp3.stem for mp3 in self.stocks.glob(f"*/{shelf}/*.mp3")}
