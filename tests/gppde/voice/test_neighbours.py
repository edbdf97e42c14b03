"""What Home Assistant understands by itself is not taken from it."""

from random import Random

import pytest
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import Intents, TextSlotList, WildcardSlotList
from hassil.recognize import recognize
from home_assistant_intents import get_intents

from ..assistant import LANGUAGES

WAYS = 5


@pytest.fixture(scope="module")
def ours() -> Intents:
    """Return what Assist makes of our sentences."""
    sentences = [
        it for each in LANGUAGES.values() for deed in each.sentences.values() for it in deed
    ]
    intents = Intents.from_dict(
        {"language": "en", "intents": {"ours": {"data": [{"sentences": sentences}]}}}
    )
    intents.slot_lists["name"] = WildcardSlotList("name")
    return intents


class Speaker:
    """Says a sentence of Home Assistant's in one of the ways in which it can be said."""

    def __init__(self, intents: Intents, rules: dict[str, Sentence]) -> None:
        self._lists = intents.slot_lists
        self._rules = intents.expansion_rules | rules
        self._random = Random(42)

    def say(self, expression: Expression) -> str:
        match expression:
            case TextChunk():
                return expression.text
            case RuleReference():
                return self.say(self._rules[expression.rule_name].expression)
            case ListReference():
                return self._item(expression.list_name)
            case Alternative():
                return self.say(self._random.choice(expression.items))
            case Group():
                return "".join(self.say(item) for item in expression.items)
        raise NotImplementedError(expression)

    def _item(self, name: str) -> str:
        items = self._lists.get(name)
        if isinstance(items, TextSlotList) and items.values:
            return self.say(self._random.choice(items.values).text_in)
        return "5" if items else "the sound of silence"


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sentence_of_home_assistant_s_own_is_ours(code: str, ours: Intents) -> None:
    theirs = Intents.from_dict(get_intents(code) or {})
    for intent in theirs.intents.values():
        for data in intent.data:
            speaker = Speaker(theirs, data.expansion_rules)
            for sentence in data.sentences:
                for _ in range(WAYS):
                    way = " ".join(speaker.say(sentence.expression).split())
                    assert not recognize(way, ours), f"{intent.name}: {way}"
