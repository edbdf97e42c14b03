"""What a person chose for quips that Home Assistant's own AI writes and its own voice speaks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.const import CONF_LANGUAGE

from ..const import CONF_VOICE

CONF_AI_TASK: Final = "ai_task"
CONF_TTS: Final = "tts"
CONF_STAND_IN: Final = "stand_in"
"""In an entry's options: what stands in where the entry's own source fails."""

ASSIST_KEYS: Final = (CONF_AI_TASK, CONF_TTS, CONF_LANGUAGE, CONF_VOICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistSettings:
    """`ai_task` and `tts` are entities. Without a `language` it is Home Assistant's or English;
    without a `voice` it is the engine's own choice.
    """

    ai_task: str
    tts: str
    language: str | None
    voice: str | None

    @classmethod
    def from_choice(cls, chosen: Mapping[str, Any]) -> Self:
        """Read an entry's data, or what its options say of the stand-in."""
        return cls(
            ai_task=chosen[CONF_AI_TASK],
            tts=chosen[CONF_TTS],
            language=chosen.get(CONF_LANGUAGE) or None,
            voice=chosen.get(CONF_VOICE) or None,
        )
