"""Names that more than one module needs."""

from enum import StrEnum
from typing import Final

DOMAIN: Final = "gppde"

SUBENTRY_DOOR: Final = "door"
SUBENTRY_PERSONA: Final = "persona"

CONF_FINGERPRINT: Final = "fingerprint"
CONF_PERSONA: Final = "persona"
CONF_SENSOR: Final = "sensor"
CONF_PLAYERS: Final = "players"
CONF_COOL_DOWN: Final = "cool_down"
CONF_QUIET_FROM: Final = "quiet_from"
CONF_QUIET_UNTIL: Final = "quiet_until"
CONF_VOLUME: Final = "volume"
CONF_SPEAK_ON: Final = "speak_on"

CONF_DESCRIPTION: Final = "description"
CONF_TONE: Final = "tone"
CONF_VOICE: Final = "voice"
CONF_TARGET: Final = "target"
CONF_LOW_WATER: Final = "low_water"
CONF_WHEN_EMPTY: Final = "when_empty"
CONF_CLIP: Final = "clip"

ATTR_LEVEL: Final = "level"

DEFAULT_TARGET: Final = 10
DEFAULT_LOW_WATER: Final = 5
DEFAULT_COOL_DOWN: Final = 10


class Tone(StrEnum):
    """The mood a persona speaks in; the quipgen server's words."""

    NEUTRAL = "neutral"
    SUNNY = "sunny"
    SARCASTIC = "sarcastic"
    COMICAL = "comical"
    SOMBRE = "sombre"


class SpeakOn(StrEnum):
    """Which movement of the door makes it speak."""

    OPENED = "opened"
    CLOSED = "closed"
    BOTH = "both"


class StockLevel(StrEnum):
    """How well stocked a persona is."""

    PLENTY = "plenty"
    LOW = "low"
    EMPTY = "empty"


class WhenEmpty(StrEnum):
    """What a door says once its persona has no fresh quip left."""

    REPEAT = "repeat"
    SILENT = "silent"


class RefillState(StrEnum):
    """What the refill is doing."""

    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    WAITING = "waiting"
    STOPPED = "stopped"
