"""The grammar multiplies lines."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.persona import Tone
from quipgen_server.safety import is_safe
from quipgen_server.training.corpus import grammar_of
from quipgen_server.training.grammar import Grammar, GrammarError

GRAMMARS = {tone: grammar_of(tone) for tone in Tone}
SENTENCE = r"[A-Z][a-z]*[,:;]?( [A-Za-z'-]+[,:;]?)*[.!?]"
SENTENCES = re.compile(f"{SENTENCE}( {SENTENCE})*")


@given(st.sampled_from(Tone), st.randoms())
def test_every_expansion_is_whole_sentences(tone: Tone, random: Random) -> None:
    line = GRAMMARS[tone].expand(random)
    assert SENTENCES.fullmatch(line)
    assert is_safe(line)


@pytest.mark.parametrize("tone", Tone)
def test_a_tone_has_many_thousand_lines(tone: Tone) -> None:
    random = Random(3)
    drawn = [GRAMMARS[tone].expand(random) for _ in range(5000)]
    assert len(set(drawn)) > 4000


def test_the_same_seed_makes_the_same_lines() -> None:
    grammar = GRAMMARS[Tone.SUNNY]
    assert grammar.expand(Random(5)) == grammar.expand(Random(5))


def test_nothing_is_said_twice_in_one_line() -> None:
    grammar = Grammar({"line": ["{word} {word} {word}."], "word": ["one", "two", "six"]})
    for seed in range(20):
        words = grammar.expand(Random(seed)).lower().strip(".").split()
        assert sorted(words) == ["one", "six", "two"]


def test_a_missing_rule_is_named() -> None:
    with pytest.raises(GrammarError, match="noun"):
        Grammar({"line": ["the {noun} sleeps."]})


def test_a_grammar_needs_a_rule_to_start_from() -> None:
    with pytest.raises(GrammarError, match="line"):
        Grammar({"noun": ["cat"]})


def test_a_rule_that_is_too_small_for_its_line_is_named() -> None:
    grammar = Grammar({"line": ["{noun} and {noun}."], "noun": ["the cat"]})
    with pytest.raises(GrammarError, match="noun"):
        grammar.expand(Random(1))


def test_a_later_file_replaces_the_rules_of_an_earlier_one(tmp_path: Path) -> None:
    common, own = tmp_path / "common.toml", tmp_path / "own.toml"
    common.write_text('noun = ["the cat"]\nverb = ["sleeps"]\n')
    own.write_text('line = ["{noun} {verb}!"]\nverb = ["sings"]\n')
    assert Grammar.load(common, own).expand(Random(1)) == "The cat sings!"
