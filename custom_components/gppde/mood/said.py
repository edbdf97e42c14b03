"""What was said before, and whether a line nearly repeats it."""

import re
from collections.abc import Iterable

NEARLY_THE_SAME = 0.8
"""Of 1; a changed word in a line of eight is above, a changed clause below."""

_WORD = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"['’]")  # noqa: RUF001

type Triples = frozenset[str]


class Said:
    """Compares the triples of letters in lines, which serves without spaces and for any order."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._lines = [_triples(line) for line in lines]

    def __contains__(self, line: str) -> bool:
        triples = _triples(line)
        return any(_alike(triples, other) >= NEARLY_THE_SAME for other in self._lines)

    def add(self, line: str) -> None:
        """Remember a line."""
        self._lines.append(_triples(line))


def _triples(line: str) -> Triples:
    words = _WORD.findall(_APOSTROPHE.sub("", line.casefold()))
    text = f" {' '.join(words)} "
    return frozenset(text[at : at + 3] for at in range(len(text) - 2))


def _alike(one: Triples, other: Triples) -> float:
    """Return the share that both have in common; lines without a letter have nothing."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
