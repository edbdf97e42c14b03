"""Who speaks."""

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    NEUTRAL = "neutral"
    SUNNY = "sunny"
    SARCASTIC = "sarcastic"
    COMICAL = "comical"
    SOMBRE = "sombre"


@dataclass(frozen=True)
class Persona:
    """An empty `voice` is the engine's own choice."""

    name: str
    description: str = ""
    tone: Tone = Tone.NEUTRAL
    voice: str = ""
