"""A grammar that multiplies lines: {name} in a text stands for any text of the rule `name`."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Self

from quipgen_server.errors import QuipgenError

START = "line"
_REFERENCE = re.compile(r"\{(\w+)\}")
_SENTENCE_START = re.compile(r"(?:^|[.!?] )[a-z]")


class GrammarError(QuipgenError):
    """The grammar refers to a rule that it lacks, or has more to draw than to draw from."""

    code = "grammar"


class Grammar:
    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        """Raises GrammarError when a rule is missing."""
        self.rules = rules
        if missing := {START, *self._references()} - rules.keys():
            raise GrammarError(f"Write the missing rules of the grammar: {sorted(missing)}.")

    @classmethod
    def load(cls, *files: Path) -> Self:
        """The rules of all the TOML files together; a later file's rule replaces an earlier's."""
        rules: dict[str, Sequence[str]] = {}
        for file in files:
            rules |= tomllib.loads(file.read_text(encoding="utf-8"))
        return cls(rules)

    def expand(self, random: Random) -> str:
        """One line; no text is drawn twice in it."""
        return as_sentences(self._fill("{" + START + "}", random, drawn=set()))

    def _fill(self, text: str, random: Random, drawn: set[str]) -> str:
        return _REFERENCE.sub(
            lambda reference: self._fill(self._draw(reference[1], random, drawn), random, drawn),
            text,
        )

    def _draw(self, rule: str, random: Random, drawn: set[str]) -> str:
        left = [text for text in self.rules[rule] if text not in drawn]
        if not left:
            raise GrammarError(f"A line draws more from the rule {rule} than it has: add to it.")
        text = random.choice(left)
        drawn.add(text)
        return text

    def _references(self) -> Iterator[str]:
        for texts in self.rules.values():
            for text in texts:
                yield from _REFERENCE.findall(text)


def as_sentences(text: str) -> str:
    return _SENTENCE_START.sub(lambda start: start[0].upper(), text)
