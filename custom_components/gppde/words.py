"""Sentences for any language: a template in English, and what fills the gaps in it."""

import re
from collections.abc import Callable

GAP = re.compile(r"{(\w+)}")

type Gap = str | float | Words
"""What fills a gap: told as it is, braces included, unless it is a sentence itself."""


class Words:
    """A sentence, or a part of one, such as Words("There is no {what}.", what="door").

    str() tells it in English.
    """

    __slots__ = ("_gaps", "_template")

    def __init__(self, template: str, /, **gaps: Gap) -> None:
        self._template = template
        self._gaps = gaps

    def __str__(self) -> str:
        return self.told(lambda template: template)

    def told(self, translate: Callable[[str], str]) -> str:
        """Tell it in the language that `translate` puts a template into."""

        def fill(gap: re.Match[str]) -> str:
            filler = self._gaps.get(gap[1], gap[0])
            return filler.told(translate) if isinstance(filler, Words) else str(filler)

        return GAP.sub(fill, translate(self._template))
