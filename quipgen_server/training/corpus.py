"""What the built-in model learns from: lines written by hand, and lines made by the grammar."""

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from quipgen_server.mood import fits
from quipgen_server.persona import Tone

from .grammar import Grammar, as_sentences

FOLDER = Path(__file__).parent.parent / "corpus"
_GRAMMARS = FOLDER / "grammar"
_COMMON = _GRAMMARS / "common.toml"
_SENTENCE_END = re.compile(r"(?<=[.!?]) ")
_LEANING = re.compile(r"(It|Its|He|She|They|Both|Neither|That|This|Those|These|One|The second)\b")
_SWAPPED = ("person", "animal", "rival", "room", "weather", "cargo", "weekday", "hour")


def written(tone: Tone) -> list[str]:
    """The hand-written lines."""
    return (FOLDER / f"{tone}.txt").read_text(encoding="utf-8").splitlines()


def grammar_of(tone: Tone) -> Grammar:
    return Grammar.load(_COMMON, _GRAMMARS / f"{tone}.toml")


def generated(tone: Tone, count: int, random: Random) -> list[str]:
    """`count` different lines of the grammar, of the form and mood that a batch would keep."""
    grammar = grammar_of(tone)
    lines: dict[str, None] = {}
    while len(lines) < count:
        line = grammar.expand(random)
        if fits(line, tone):
            lines[line] = None
    return list(lines)


def spliced(tone: Tone, count: int, random: Random) -> list[str]:
    """`count` different lines that begin like one written line and end like another."""
    halves = [
        half for line in written(tone) if (half := _SENTENCE_END.split(line)) and len(half) > 1
    ]
    starts = [" ".join(half[:-1]) for half in halves]
    ends = [half[-1] for half in halves if not _LEANING.match(half[-1])]
    lines: dict[str, None] = {}
    while len(lines) < count:
        line = f"{random.choice(starts)} {random.choice(ends)}"
        if fits(line, tone):
            lines[line] = None
    return list(lines)


class Swaps:
    """Says a line again with other nouns: the cat for a pigeon, Tuesday for Thursday."""

    def __init__(self, grammar: Grammar) -> None:
        self._kin = dict(_kin(grammar))
        nouns = "|".join(sorted(map(re.escape, self._kin), key=len, reverse=True))
        self._noun = re.compile(rf"\b(?:{nouns})\b", re.IGNORECASE)

    def vary(self, line: str, random: Random) -> str:
        return as_sentences(self._noun.sub(lambda noun: self._other(noun[0], random), line))

    def _other(self, noun: str, random: Random) -> str:
        return random.choice(self._kin[noun.lower()])


def _kin(grammar: Grammar) -> Iterator[tuple[str, list[str]]]:
    for rule in _SWAPPED:
        nouns = list(grammar.rules[rule])
        for noun in nouns:
            yield noun.lower(), nouns
