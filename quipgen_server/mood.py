"""The mood filter: VADER tells how a line feels, and the lines that fit the tone best are kept."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from .form import fault_of, tidy
from .persona import Tone
from .safety import is_safe
from .said import Said


class Line(NamedTuple):
    """`mood` is VADER's compound, from -1 (sombre) to 1 (sunny)."""

    text: str
    mood: float


class Feeling(NamedTuple):
    """VADER's compound, and the shares of a line's words (0 to 1) that feel good and bad."""

    mood: float
    good: float
    bad: float

    @property
    def is_pointed(self) -> bool:
        """Strong, or of two minds: joy and grief in one breath."""
        return abs(self.mood) >= STRONG or (self.good > 0 and self.bad > 0)


class Fit(NamedTuple):
    """The moods that a tone takes, the one it likes best, and whether it wants a point made."""

    lowest: float
    ideal: float
    highest: float
    pointed: bool = False

    def takes(self, feeling: Feeling) -> bool:
        within = self.lowest <= feeling.mood <= self.highest
        return within and (feeling.is_pointed or not self.pointed)


STRONG = 0.4
FITS = {
    Tone.NEUTRAL: Fit(-0.4, 0.0, 0.5),
    Tone.SUNNY: Fit(0.2, 0.8, 1.0),
    Tone.SARCASTIC: Fit(-0.7, 0.2, 0.85, pointed=True),
    Tone.COMICAL: Fit(-0.7, 0.3, 0.9, pointed=True),
    Tone.SOMBRE: Fit(-1.0, -0.6, 0.0),
}


def mood_of(text: str) -> float:
    return feeling_of(text).mood


def feeling_of(text: str) -> Feeling:
    scores = _vader().polarity_scores(text)
    return Feeling(float(scores["compound"]), float(scores["pos"]), float(scores["neg"]))


def fits(text: str, tone: Tone) -> bool:
    """Whether a line, already tidy, is well formed, safe and in the mood of `tone`."""
    return not fault_of(text) and is_safe(text) and FITS[tone].takes(feeling_of(text))


def choose(candidates: Iterable[str], tone: Tone, said: Said, most: int) -> list[Line]:
    """The lines that fit `tone` best, best first. What is chosen counts as said."""
    chosen: list[Line] = []
    for line in _by_fit(candidates, tone):
        if len(chosen) == most:
            break
        if line.text not in said:
            said.add(line.text)
            chosen.append(line)
    return chosen


def _by_fit(candidates: Iterable[str], tone: Tone) -> list[Line]:
    texts = dict.fromkeys(tidy(raw) for raw in candidates)
    lines = [Line(text, mood_of(text)) for text in texts if fits(text, tone)]
    return sorted(lines, key=lambda line: abs(line.mood - FITS[tone].ideal))


@cache
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
