"""What was said before, and whether a line nearly repeats it."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process, utils

NEARLY_THE_SAME = 88  # of 100; a changed word in a line of eight is above, a changed clause below


class Said:
    """Compares words without their order, case or punctuation."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        self._lines = [words_of(line) for line in lines]

    def __contains__(self, line: str) -> bool:
        nearest = process.extractOne(
            words_of(line),
            self._lines,
            scorer=fuzz.ratio,
            score_cutoff=NEARLY_THE_SAME,
        )
        return nearest is not None

    def add(self, line: str) -> None:
        self._lines.append(words_of(line))


def words_of(line: str) -> str:
    return " ".join(sorted(utils.default_process(line).split()))
