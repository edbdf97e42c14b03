"""Draws candidates in rounds and keeps those worth saying, with bounded effort."""

from collections.abc import Callable, Iterator
from typing import Protocol

from .errors import ShortBatchError
from .mood import Line, choose
from .order import LARGEST_SEED, Order
from .persona import Persona
from .said import Said

CANDIDATES_PER_LINE = 4
SMALLEST_ROUND = 16
LARGEST_ROUND = 128
MOST = 512  # candidates that any order may take,
MOST_PER_LINE = 64  # and more for each line of it

Stopped = Callable[[], bool]


def never() -> bool:
    return False


class Writer(Protocol):
    """Writes at least `count` raw lines; `name` tells people which model it was."""

    @property
    def name(self) -> str: ...

    def candidates(
        self,
        persona: Persona,
        count: int,
        seed: int,
        stopped: Stopped = never,
    ) -> list[str]: ...


class Author:
    """One order's writing. Ends when `most` candidates were drawn, whatever they were worth."""

    def __init__(self, writer: Writer, order: Order, stopped: Stopped = never) -> None:
        self._writer = writer
        self._order = order
        self._stopped = stopped
        self._said = Said(order.avoid)
        self.most = MOST + MOST_PER_LINE * order.count
        self.drawn = 0

    @property
    def spent(self) -> bool:
        return self.drawn >= self.most

    def lines(self) -> Iterator[Line]:
        """All that was ordered. Raises ShortBatchError once the effort is spent before."""
        left = self._order.count
        while left and not self._stopped():
            for line in self.write(left):
                left -= 1
                yield line
            if left and self.spent:
                raise self.too_few(self._order.count - left)

    def write(self, wanted: int) -> list[Line]:
        """One round: at most `wanted` lines, the best of several candidates each."""
        if wanted < 1 or self.spent or self._stopped():
            return []
        drawn = min(max(CANDIDATES_PER_LINE * wanted, SMALLEST_ROUND), LARGEST_ROUND)
        seed = (self._order.seed + self.drawn) % (LARGEST_SEED + 1)
        raw = self._writer.candidates(self._order.persona, drawn, seed, self._stopped)
        self.drawn += len(raw)
        best = min(wanted, len(raw) // CANDIDATES_PER_LINE)
        return choose(raw, self._order.persona.tone, self._said, best)

    def too_few(self, made: int) -> ShortBatchError:
        return ShortBatchError(
            f"{made} of {self._order.count} quips were made: among {self.drawn} candidates "
            "no more were well formed, in the tone and new. "
            "Ask for fewer, or choose a better model.",
        )
