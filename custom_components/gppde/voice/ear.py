"""Finds who is meant by what speech recognition made of a name."""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

from homeassistant.util import slugify

from .languages import Language

# One wrong letter in five is the same name, but "garden door" is no "garage door".
ALIKE_BY_CORE = 0.8
ALIKE_AS_A_WHOLE = 0.86


class Ear:
    """Compares names without case, accents, spaces and words that belong to no name."""

    def __init__(self, languages: Iterable[Language]) -> None:
        languages = list(languages)
        self._doors = _vocabulary(each.doors for each in languages)
        self._everyone = _vocabulary(each.everyone for each in languages)
        fillers = _vocabulary(each.fillers for each in languages)
        self._nobody = fillers | self._doors | self._everyone

    def means_everyone(self, spoken: str | None) -> bool:
        """Tell whether all are meant who could be."""
        return not self._everyone.isdisjoint(_words(spoken))

    def find[T](self, spoken: str | None, names: Sequence[tuple[str, T]]) -> list[T]:
        """Return who may be meant: all, if no name was said; nobody, if it is nobody's."""
        if whole := self._whole(spoken, names):
            return whole
        if self._nobody.issuperset(_words(spoken)):
            return [thing for _, thing in names]
        return self._part(spoken, names) or self._equal(spoken, names) or self._alike(spoken, names)

    def name_in(self, spoken: str | None) -> str:
        """Return what is left of the words without those around a name."""
        words = (spoken or "").split()
        while words and self._nobody.issuperset(_words(words[0])):
            words.pop(0)
        while words and self._nobody.issuperset(_words(words[-1])):
            words.pop()
        return " ".join(words)

    def _whole[T](self, spoken: str | None, names: Sequence[tuple[str, T]]) -> list[T]:
        text = f" {' '.join(_words(spoken))} "
        found = [(name, it) for name, it in names if f" {' '.join(_words(name))} " in text]
        return _best(found, lambda name: len(_words(name)))

    def _part[T](self, spoken: str | None, names: Sequence[tuple[str, T]]) -> list[T]:
        part = set(_words(spoken)) - self._nobody
        return [it for name, it in names if part.issubset(_words(name))]

    def _equal[T](self, spoken: str | None, names: Sequence[tuple[str, T]]) -> list[T]:
        core = self._core(spoken)
        return [it for name, it in names if self._core(name) == core]

    def _alike[T](self, spoken: str | None, names: Sequence[tuple[str, T]]) -> list[T]:
        core, whole = self._core(spoken), "".join(_words(spoken))

        def likeness(name: str) -> float:
            return max(
                _ratio(core, self._core(name)) / ALIKE_BY_CORE,
                _ratio(whole, "".join(_words(name))) / ALIKE_AS_A_WHOLE,
            )

        return _best([(name, it) for name, it in names if likeness(name) >= 1], likeness)

    def _core(self, name: str | None) -> str:
        words = _words(name)
        core = "".join(word for word in words if word not in self._nobody) or "".join(words)
        ending = max((it for it in self._doors if core.endswith(it)), key=len, default="")
        return core.removesuffix(ending) or core


def _words(text: str | None) -> list[str]:
    return slugify(text, separator=" ").split()


def _vocabulary(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _words(text))


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _best[T](found: list[tuple[str, T]], merit: Callable[[str], float]) -> list[T]:
    most = max((merit(name) for name, _ in found), default=0.0)
    return [thing for name, thing in found if merit(name) == most]
