"""One voiced line and what is known of it."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

FORMAT = 1


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What `metadata.json` holds: `mood` is VADER's compound (-1 to 1), `duration` is in seconds,
    `loudness` in LUFS, `created` in UTC (RFC 3339).
    """

    text: str
    persona: str
    tone: str
    mood: float
    model: str
    voice: str
    duration: float
    loudness: float
    seed: int
    format: int = FORMAT
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    created: str = field(default_factory=_now)


@dataclass(frozen=True)
class Quip:
    metadata: Metadata
    mp3: bytes
