"""Every language says the same, and no sentence is taken for another one."""

import re
from collections.abc import Iterator
from itertools import islice

import pytest
from hassil.intents import Intents, SlotList, TextSlotList, WildcardSlotList
from hassil.parse_expression import parse_sentence
from hassil.recognize import RecognizeResult, recognize_all
from hassil.sample import sample_expression

from custom_components.gppde.const import Tone
from custom_components.gppde.voice.ear import Ear
from custom_components.gppde.voice.languages import Deed, Language

from ..assistant import LANGUAGES

ENGLISH = LANGUAGES["en"]
EAR = Ear(LANGUAGES.values())
NAME = "front door"
NAMES = [(NAME, 1), ("Garden shed", 2)]
PLACEHOLDERS = {"who", "known", "heard", "count"}


@pytest.fixture(scope="module")
def intents() -> Intents:
    """Return what Assist makes of all sentences together."""
    sentences = {
        deed: [it for each in LANGUAGES.values() for it in each.sentences[deed]] for deed in Deed
    }
    intents = Intents.from_dict(
        {
            "language": "en",
            "intents": {deed: {"data": [{"sentences": sentences[deed]}]} for deed in Deed},
        }
    )
    intents.slot_lists["name"] = WildcardSlotList("name")
    return intents


def said(sentence: str) -> Iterator[str]:
    """Yield some hundred ways of saying a sentence, spread over all there are."""
    names: dict[str, SlotList] = {"name": TextSlotList.from_strings([NAME], name="name")}
    ways = sample_expression(parse_sentence(sentence).expression, slot_lists=names)
    for way in islice(ways, 0, 8000, 67):
        yield " ".join(way.split())


def named(result: RecognizeResult) -> bool:
    """Tell whether the door that was named is found in what is taken for its name."""
    name = result.entities.get("name")
    return EAR.find(str(name.value) if name else None, NAMES) == [1]


def texts(language: Language, key: str) -> Iterator[str]:
    for variants in language.replies[key].values():
        yield from variants


def test_the_five_languages_are_there() -> None:
    assert {"de", "en", "es", "fr", "nl"} <= set(LANGUAGES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_language_can_say_what_english_can(code: str) -> None:
    language = LANGUAGES[code]
    assert set(language.sentences) == set(Deed)
    assert all(language.sentences.values())
    assert set(language.replies) == set(ENGLISH.replies)
    for key, variants in language.replies.items():
        assert set(variants) == set(ENGLISH.replies[key]), key
        assert set(variants) <= {"any", *Tone}


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_reply_tells_what_it_does_in_english(code: str) -> None:
    for key in ENGLISH.replies:
        [told] = {frozenset(re.findall(r"{(\w+)}", text)) for text in texts(ENGLISH, key)}
        for text in texts(LANGUAGES[code], key):
            assert set(re.findall(r"{(\w+)}", text)) == told <= PLACEHOLDERS, text


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_reply_shouts_and_each_is_a_sentence(code: str) -> None:
    for key in ENGLISH.replies:
        for text in texts(LANGUAGES[code], key):
            assert text[-1] == "."
            assert not set("!¡") & set(text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_sentence_means_one_deed_among_those_of_all_languages(
    code: str, intents: Intents
) -> None:
    for deed, sentences in LANGUAGES[code].sentences.items():
        for sentence in sentences:
            for way in said(sentence):
                results = list(recognize_all(way, intents))
                assert {result.intent.name for result in results} == {deed}, way
                assert named(results[0]) or NAME not in way, way
