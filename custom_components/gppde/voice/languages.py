"""What can be said and answered, in one file per language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.yaml import load_yaml_dict

from ..const import DOMAIN

FALLBACK = "en"
FOLDER = Path(__file__).with_suffix("")


class Deed(StrEnum):
    """What a person can ask for."""

    REFILL = "refill"
    STOCK = "stock"
    SAY = "say"
    QUIET = "quiet"
    TALK = "talk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Sentences in Home Assistant's template syntax; replies by key, then by tone or `any`.

    `fillers` are words that belong to no name, `doors` are what any door is called,
    `everyone` means all there are.
    """

    sentences: Mapping[Deed, Sequence[str]]
    replies: Mapping[str, Mapping[str, Sequence[str]]]
    fillers: str
    doors: str
    everyone: str
    conjunction: str

    @classmethod
    def from_yaml(cls, file: Path) -> Self:
        """Read a language; the phrases that its sentences share are put in their places."""
        content: dict[str, Any] = load_yaml_dict(file)
        return cls(
            sentences={
                deed: [_expand(it, content["phrases"]) for it in content["sentences"][deed]]
                for deed in Deed
            },
            replies=content["replies"],
            fillers=content["fillers"],
            doors=content["doors"],
            everyone=content["everyone"],
            conjunction=content["conjunction"],
        )


@singleton(HassKey[Mapping[str, Language]](f"{DOMAIN}_languages"), async_=True)
async def async_get_languages(hass: HomeAssistant) -> Mapping[str, Language]:
    """Return the languages by their codes."""
    return await hass.async_add_executor_job(load_languages)


def load_languages() -> Mapping[str, Language]:
    """Read the languages by their codes."""
    return {file.stem: Language.from_yaml(file) for file in sorted(FOLDER.glob("*.yaml"))}


def _expand(sentence: str, phrases: Mapping[str, str]) -> str:
    for name, phrase in phrases.items():
        sentence = sentence.replace(f"<{name}>", f"({phrase})")
    return sentence
