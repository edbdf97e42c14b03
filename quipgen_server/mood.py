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


class Fit(NamedTuple):
    lowest: float
    ideal: float
    highest: float


FITS = {
    Tone.NEUTRAL: Fit(-0.4, 0.0, 0.5),
    Tone.SUNNY: Fit(0.2, 0.8, 1.0),
    Tone.SARCASTIC: Fit(-0.7, 0.2, 0.85),
    Tone.COMICAL: Fit(-0.7, 0.3, 0.9),
    Tone.SOMBRE: Fit(-1.0, -0.6, 0.0),
}


def mood_of(text: str) -> float:
    return float(_vader().polarity_scores(text)["compound"])


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
    fit = FITS[tone]
    texts = dict.fromkeys(tidy(raw) for raw in candidates)
    lines = [Line(text, mood_of(text)) for text in texts if not fault_of(text) and is_safe(text)]
    fitting = [line for line in lines if fit.lowest <= line.mood <= fit.highest]
    return sorted(fitting, key=lambda line: abs(line.mood - fit.ideal))


@cache
def _vader() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()
