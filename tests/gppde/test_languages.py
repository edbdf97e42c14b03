"""Every language says all that English says, with the same things in it."""

import re
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations, recursive_flatten
from homeassistant.util.json import load_json_object

import custom_components.gppde
from custom_components.gppde.const import DOMAIN

TRANSLATIONS = Path(custom_components.gppde.__file__).parent / "translations"

ALIKE = {
    "de": {
        "Budget",
        "Image",
        "Name",
        "Neutral",
        "Persona",
        "Personas",
        "Region",
        "Sensor",
        "Text",
        "Token",
    },
    "es": {"Sensor", "Token"},
    "fr": {"Budget", "Image", "Sombre", "Volume"},
    "nl": {"Budget", "Image", "Model", "Persona", "Sensor", "Token", "Volume"},
}
"""Each language, and the texts that are the same word in it as in English."""

KEPT = re.compile(r"`[^`]*`|\]\([^)]*\)|\{\w+\}|\n+(?:> )?")
"""What stays as it is in every language: code, links' targets, placeholders and paragraphs."""

EMPHASISED = re.compile(r"\*([^*]+)\*")


def texts(language: str) -> dict[str, str]:
    """Return each text by the path of its keys; none if the language has no file."""
    return recursive_flatten("", load_json_object(TRANSLATIONS / f"{language}.json"))  # type: ignore[arg-type]


ENGLISH = texts("en")
every_language = pytest.mark.parametrize("language", ALIKE)


def test_every_language_that_there_is_is_looked_at_here() -> None:
    assert {file.stem for file in TRANSLATIONS.iterdir()} == {"en", *ALIKE}


@every_language
def test_a_language_has_every_text_and_no_other(language: str) -> None:
    keys = texts(language).keys()
    missing, needless = ENGLISH.keys() - keys, keys - ENGLISH.keys()
    assert not missing, f"{language}.json lacks {sorted(missing)}"
    assert not needless, f"{language}.json has {sorted(needless)}, which English has not"


@every_language
def test_a_text_is_not_empty_and_not_left_in_english(language: str) -> None:
    empty = {key for key, text in texts(language).items() if not text.strip()}
    assert not empty, f"{language}.json says nothing in {sorted(empty)}"
    alike = {key for key, text in texts(language).items() if text == ENGLISH.get(key)}
    unsaid = {key for key in alike if re.search(r"\w", KEPT.sub("", ENGLISH[key]))}
    left = {key for key in unsaid if ENGLISH[key] not in ALIKE[language]}
    assert not left, f"{language}.json is still English in {sorted(left)}"
    needless = ALIKE[language] - {ENGLISH[key] for key in unsaid}
    assert not needless, f"{language}.json says {sorted(needless)} otherwise than English"


@every_language
def test_a_text_keeps_placeholders_links_code_and_paragraphs(language: str) -> None:
    changed = {
        key: (kept, found)
        for key, text in texts(language).items()
        if (kept := sorted(KEPT.findall(ENGLISH.get(key, ""))))
        != (found := sorted(KEPT.findall(text)))
    }
    assert not changed, f"{language}.json changes what must stay in {changed}"


@every_language
def test_a_text_calls_a_button_by_its_name(language: str) -> None:
    told = texts(language)
    names = {ENGLISH[key]: told.get(key) for key in ENGLISH if key.startswith("entity.button.")}
    wrong = {
        key
        for key, text in ENGLISH.items()
        for emphasised in EMPHASISED.findall(text)
        if f"*{names.get(emphasised, emphasised)}*" not in told.get(key, "")
    }
    assert not wrong, f"{language}.json calls a button by another name in {sorted(wrong)}"


@every_language
def test_no_apostrophe_swallows_a_placeholder(language: str) -> None:
    """The frontend's message format takes an apostrophe before a brace for a quotation mark."""
    swallowed = {key for key, text in texts(language).items() if re.search(r"'[{}]", text)}
    assert not swallowed, f"{language}.json has an apostrophe before a brace in {sorted(swallowed)}"


@every_language
@pytest.mark.usefixtures("enable_custom_integrations")
async def test_home_assistant_tells_every_text(hass: HomeAssistant, language: str) -> None:
    told: dict[str, str] = {}
    for category in {key.partition(".")[0] for key in ENGLISH}:
        told |= await async_get_translations(hass, language, category, {DOMAIN})
    assert told == {f"component.{DOMAIN}.{key}": text for key, text in texts(language).items()}
