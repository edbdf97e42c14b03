"""Judges a writer by what it writes unaided: how new, how varied, how often in form and mood."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import NamedTuple

from rapidfuzz import fuzz, process

from .form import tidy
from .mood import fits, mood_of
from .persona import Persona, Tone
from .said import NEARLY_THE_SAME, words_of
from .training.corpus import written
from .writing import Writer

COPY = 95  # of 100: nothing but a comma or a letter was changed


class Bar(NamedTuple):
    """`figure` holds where it is at least (or at most) `bar`."""

    what: str
    figure: float
    bar: float
    at_least: bool

    @property
    def holds(self) -> bool:
        return self.figure >= self.bar if self.at_least else self.figure <= self.bar

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "holds" if self.holds else "FAILS"
        return f"{self.what:<52}{self.figure:>8.3f}{f'{sign} {self.bar}':>9}  {verdict}"


@dataclass(frozen=True)
class Verdict:
    """`lines` are all that were drawn, by tone."""

    lines: Mapping[Tone, list[str]]
    bars: tuple[Bar, ...]

    @property
    def holds(self) -> bool:
        return all(bar.holds for bar in self.bars)

    def shown(self, most: int) -> list[str]:
        """Some of the lines, the tones in turn, each with its mood."""
        turns = zip(*self.lines.values(), strict=True)
        told = (
            f"{tone:<10}{mood_of(line):+.2f}  {line}"
            for turn in turns
            for tone, line in zip(self.lines, turn, strict=True)
        )
        return list(islice(told, most))


def judge(writer: Writer, count: int, seed: int) -> Verdict:
    """Draws `count` lines, as many in each tone, and filters none. Raises ModelError."""
    lines = {tone: _drawn(writer, tone, count // len(Tone), seed) for tone in Tone}
    every = [line for drawn in lines.values() for line in drawn]
    gap = _mean_mood(lines[Tone.SUNNY]) - _mean_mood(lines[Tone.SOMBRE])
    bars = (
        Bar("copies of the corpus, share", share_copied(every), 0.05, at_least=False),
        Bar("near-duplicates of one another, share", share_repeated(every), 0.02, at_least=False),
        Bar("in the form and mood of their tone, share", _share_fit(lines), 0.9, at_least=True),
        Bar("mood of sunny less that of sombre, VADER's compound", gap, 0.6, at_least=True),
    )
    return Verdict(lines, bars)


def share_copied(lines: Iterable[str]) -> float:
    known = [words_of(line) for tone in Tone for line in written(tone)]
    return fmean(
        process.extractOne(words_of(line), known, scorer=fuzz.ratio, score_cutoff=COPY) is not None
        for line in lines
    )


def share_repeated(lines: Iterable[str]) -> float:
    """Of lines that nearly say what one before them said."""
    words = [words_of(line) for line in lines]
    alike = process.cdist(words, words, scorer=fuzz.ratio, score_cutoff=NEARLY_THE_SAME)
    return fmean(bool(alike[row, :row].any()) for row in range(len(words)))


def _drawn(writer: Writer, tone: Tone, count: int, seed: int) -> list[str]:
    raw = writer.candidates(Persona("Door", tone=tone), count, seed)
    return [tidy(line) for line in raw[:count]]


def _share_fit(lines: Mapping[Tone, list[str]]) -> float:
    return fmean(fits(line, tone) for tone, drawn in lines.items() for line in drawn)


def _mean_mood(lines: Iterable[str]) -> float:
    return fmean(mood_of(line) for line in lines)
