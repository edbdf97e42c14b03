"""Puts answers into words, in the language of the conversation."""

import random
from collections.abc import Iterable, Mapping, Sequence

from homeassistant.util.language import matches

from .answer import Answer
from .languages import FALLBACK, Language

ANY = "any"


def reply(languages: Mapping[str, Language], code: str, answers: Iterable[Answer]) -> str:
    """Return what to say; in English where we do not speak the language."""
    language = languages[next(iter(matches(code, languages)), FALLBACK)]
    return " ".join(_say(language, answer) for answer in answers)


def _say(language: Language, answer: Answer) -> str:
    variants = language.replies[answer.key]
    said = random.choice(variants.get(answer.tone or ANY, variants[ANY]))  # noqa: S311 - no secret
    return said.format(
        who=_listed(answer.who, language.conjunction),
        known=_listed(answer.known, language.conjunction),
        count=answer.count,
        heard=answer.heard,
    )


def _listed(names: Sequence[str], conjunction: str) -> str:
    *others, last = names or [""]
    return f"{', '.join(others)} {conjunction} {last}" if others else last
