"""One order's writing: candidates in rounds, and of these the best, with bounded effort."""

import asyncio
from math import ceil

from homeassistant.core import HomeAssistant

from ..errors import SourceError
from ..mood import Line, Said, choose
from . import Order
from .prompt import prompt
from .writer import write

CANDIDATES_PER_LINE = 3
MOST_PER_ROUND = 10
"""Lines; many models cut a longer answer short."""
SPARE_ROUNDS = 3
BARREN_ROUNDS = 2
"""In a row: whoever writes nothing of use so often will not do it the next time."""


class Author:
    """Knows what was written, so that nothing is said twice."""

    def __init__(self, hass: HomeAssistant, writer: str, order: Order, language: str) -> None:
        self._hass = hass
        self._writer = writer
        self._order = order
        self._language = language
        self._texts = list(order.avoid)
        self._said: Said | None = None
        self._read = self._kept = self._rounds = self._barren = 0

    @property
    def stage(self) -> str:
        """What comes next; each round is a stage of its own."""
        return f"writing, round {self._rounds + 1}"

    async def write(self, wanted: int) -> list[Line]:
        """Return the best of a round, at most `wanted`; maybe none. Raises SourceError."""
        self._check_effort()
        most = min(wanted, MOST_PER_ROUND)
        asked = prompt(self._order.brief, self._language, CANDIDATES_PER_LINE * most, self._texts)
        raw = await write(self._hass, self._writer, asked)
        lines = await asyncio.to_thread(self._choose, raw, most)
        self._texts += [line.text for line in lines]
        self._read += len(raw)
        self._kept += len(lines)
        self._rounds += 1
        self._barren = 0 if lines else self._barren + 1
        return lines

    def _choose(self, raw: list[str], most: int) -> list[Line]:
        if self._said is None:
            self._said = Said(self._order.avoid)
        return choose(raw, self._order.brief.tone, self._language, self._said, most)

    def _check_effort(self) -> None:
        most = SPARE_ROUNDS + ceil(self._order.count / MOST_PER_ROUND)
        if self._rounds == most or self._barren == BARREN_ROUNDS:
            raise SourceError(
                "{writer} was asked {rounds} times. Of the {read} lines that it wrote {kept} were "
                "whole, in the tone and new. Choose a better model.",
                writer=self._writer,
                rounds=self._rounds,
                read=self._read,
                kept=self._kept,
            )
