"""The mood filter: which of the lines that somebody wrote are worth voicing. All of it blocks."""

from collections.abc import Iterable

from ..const import Tone
from .feeling import FITS, Vader
from .form import fault_of, tidy
from .line import Line
from .safety import is_safe
from .said import Said

__all__ = ["Line", "Said", "choose", "fault_of", "is_judged", "mood_of", "tidy"]

ENGLISH = "en"


def is_judged(language: str) -> bool:
    """Tell whether the mood of this language can be told: VADER knows English only."""
    return language.replace("_", "-").split("-")[0].lower() == ENGLISH


def mood_of(text: str, language: str) -> float:
    """Return VADER's compound, -1 (sombre) to 1 (sunny); 0 where it cannot be told."""
    return Vader().feeling_of(text).mood if is_judged(language) else 0.0


def choose(
    candidates: Iterable[str], tone: Tone, language: str, said: Said, most: int
) -> list[Line]:
    """Return the lines that fit a tone best, best first; what is chosen counts as said.

    Those of a language whose mood cannot be told stay in their order.
    """
    chosen: list[Line] = []
    texts = dict.fromkeys(tidy(raw) for raw in candidates)
    sound = [text for text in texts if not fault_of(text) and is_safe(text)]
    for line in _by_fit(sound, tone) if is_judged(language) else map(Line, sound):
        if len(chosen) == most:
            break
        if line.text not in said:
            said.add(line.text)
            chosen.append(line)
    return chosen


def _by_fit(texts: Iterable[str], tone: Tone) -> list[Line]:
    vader, fit = Vader(), FITS[tone]
    felt = [(text, vader.feeling_of(text)) for text in texts]
    lines = [Line(text, feeling.mood) for text, feeling in felt if fit.takes(feeling)]
    return sorted(lines, key=lambda line: abs(line.mood - fit.ideal))
