"""How a line feels by VADER, and which feelings a tone takes."""

from typing import Any, NamedTuple

from ..const import Tone

STRONG = 0.4


class Feeling(NamedTuple):
    """VADER's compound, and the shares of a line's words (0 to 1) that feel good and bad."""

    mood: float
    good: float
    bad: float

    @property
    def is_pointed(self) -> bool:
        """Whether it is strong, or of two minds: joy and grief in one breath."""
        return abs(self.mood) >= STRONG or (self.good > 0 and self.bad > 0)


class Fit(NamedTuple):
    """The moods that a tone takes, the one it likes best, and whether it wants a point made."""

    lowest: float
    ideal: float
    highest: float
    pointed: bool = False

    def takes(self, feeling: Feeling) -> bool:
        """Tell whether a line that feels like this is in the tone."""
        within = self.lowest <= feeling.mood <= self.highest
        return within and (feeling.is_pointed or not self.pointed)


FITS = {
    Tone.NEUTRAL: Fit(-0.4, 0.0, 0.5),
    Tone.SUNNY: Fit(0.2, 0.8, 1.0),
    Tone.SARCASTIC: Fit(-0.7, 0.2, 0.85, pointed=True),
    Tone.COMICAL: Fit(-0.7, 0.3, 0.9, pointed=True),
    Tone.SOMBRE: Fit(-1.0, -0.6, 0.0),
}
"""The same bands as the quipgen server's."""


class Vader:
    """VADER, with its lexicon of 2 MB: read in 0.1 s, and let go of with this object."""

    def __init__(self) -> None:
        # Not before it is needed, in the thread that needs it: most homes never do.
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415

        self._analyzer: Any = SentimentIntensityAnalyzer()

    def feeling_of(self, text: str) -> Feeling:
        """Return how an English text feels."""
        scores = self._analyzer.polarity_scores(text)
        return Feeling(float(scores["compound"]), float(scores["pos"]), float(scores["neg"]))
