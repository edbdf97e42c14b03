"""One voiced line and what is known of it."""

import json
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from ..errors import ArchiveError

FORMAT = 1
LONGEST_TEXT = 1000
LONGEST_LABEL = 200
LARGEST_SEED = 2**63 - 1

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quip:
    """A line; its mp3 is named by `uuid`. `mood` is VADER's compound, -1 to 1; `duration` is in
    seconds, `loudness` in LUFS, `created` in UTC. The defaults stand for what nobody knows of an
    mp3 that a person made.
    """

    uuid: str
    text: str
    persona: str
    tone: str
    mood: float = 0.0
    model: str = ""
    voice: str = ""
    duration: float
    loudness: float = 0.0
    created: datetime
    seed: int = 0

    @classmethod
    def from_metadata(cls, metadata: Mapping[str, Any]) -> Self:
        """Check a `metadata.json` from wherever it comes. Raises ArchiveError."""
        if metadata.get("format") != FORMAT:
            raise ArchiveError("Its metadata is not of format 1. Update GPPDE or its server.")
        return cls(
            uuid=_uuid(metadata),
            text=_text(metadata, "text", LONGEST_TEXT, shortest=1),
            persona=_label(metadata, "persona"),
            tone=_label(metadata, "tone"),
            mood=float(_number(metadata, "mood", -1, 1)),
            model=_label(metadata, "model"),
            voice=_label(metadata, "voice"),
            duration=float(_number(metadata, "duration", 0, 24 * 3600)),
            loudness=float(_number(metadata, "loudness", -200, 100)),
            created=_time(metadata, "created"),
            seed=int(_number(metadata, "seed", 0, LARGEST_SEED, whole=True)),
        )

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Check the content of a `metadata.json`. Raises ArchiveError."""
        try:
            metadata = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise ArchiveError("Its metadata is not JSON.") from error
        if not isinstance(metadata, dict):
            raise ArchiveError("Its metadata is not a JSON object.")
        return cls.from_metadata(metadata)

    def as_json(self) -> bytes:
        """Return the content of `metadata.json`."""
        return json.dumps(self.as_metadata(), indent=2).encode()

    def as_metadata(self) -> dict[str, Any]:
        """Return what `metadata.json` holds."""
        created = self.created.isoformat().replace("+00:00", "Z")
        return {"format": FORMAT, **asdict(self), "created": created}


def is_uuid(value: object) -> bool:
    """Tell whether a value is a UUID spelled as in the name of a file."""
    return isinstance(value, str) and UUID.fullmatch(value) is not None


def speakable(text: str) -> str:
    """Return a text from anywhere as one that a quip may have; it may be empty."""
    return UNSPEAKABLE.sub("", " ".join(text.split()))[:LONGEST_TEXT]


def _uuid(metadata: Mapping[str, Any]) -> str:
    if not is_uuid(uuid := metadata.get("uuid")):
        raise ArchiveError("Its metadata has no proper uuid.")
    return str(uuid)


def _text(metadata: Mapping[str, Any], key: str, longest: int, shortest: int = 0) -> str:
    value = metadata.get(key)
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise ArchiveError(
            "Its {key} is not a text of {shortest} to {longest} characters.",
            key=key,
            shortest=shortest,
            longest=longest,
        )
    if UNSPEAKABLE.search(value):
        raise ArchiveError("Its {key} holds characters that are no text.", key=key)
    return value


def _label(metadata: Mapping[str, Any], key: str) -> str:
    # A hundred thousand quips share a handful of these: one copy in memory is enough.
    return sys.intern(str(_text(metadata, key, LONGEST_LABEL)))


def _number(
    metadata: Mapping[str, Any], key: str, lowest: int, highest: int, *, whole: bool = False
) -> int | float:
    value = metadata.get(key)
    kinds = int if whole else (int, float)
    # The comparison is false for a NaN too.
    if isinstance(value, bool) or not isinstance(value, kinds) or not lowest <= value <= highest:
        raise ArchiveError(
            "Its {key} is not a number from {lowest} to {highest}.",
            key=key,
            lowest=lowest,
            highest=highest,
        )
    return value


def _time(metadata: Mapping[str, Any], key: str) -> datetime:
    try:
        time = datetime.fromisoformat(_text(metadata, key, LONGEST_LABEL))
        in_utc = time.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ArchiveError("Its {key} is not a time.", key=key) from error
    if time.tzinfo is None:
        raise ArchiveError("Its {key} has no time zone.", key=key)
    return in_utc
