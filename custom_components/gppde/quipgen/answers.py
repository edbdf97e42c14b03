"""What a quipgen server says, checked: it may be broken, or something else altogether."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from .errors import IncompatibleVersionError, LyingError

COMPATIBLE_MAJOR = 0
VERSION = re.compile(r"(\d{1,9})\.\d{1,9}\.\d{1,9}[\w.+-]{0,40}", re.ASCII)
LONGEST_WORD = 100
LONGEST_MESSAGE = 500


@dataclass(frozen=True, slots=True)
class Health:
    """A server that is well."""

    version: str
    stage: str

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Raise LyingError or IncompatibleVersionError unless it is a server for us."""
        answer = parse_object(body)
        health = cls(_word(answer, "version"), _word(answer, "stage"))
        version = VERSION.fullmatch(health.version)
        if answer.get("status") != "ok" or not version:
            raise LyingError("The quipgen server does not say that it is well.")
        if int(version[1]) != COMPATIBLE_MAJOR:
            raise IncompatibleVersionError(health.version)
        return health


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far the latest batch is: `created` of `total` quips are made. `batch` is None where there
    was none yet; `error` says why it ended early.
    """

    batch: str | None
    stage: str
    created: int
    left: int
    total: int
    finished: bool
    error: str | None

    @classmethod
    def parse(cls, body: bytes) -> Self:
        """Raise LyingError unless it makes sense."""
        answer = parse_object(body)
        finished = answer.get("finished")
        progress = cls(
            batch=None if answer.get("batch") is None else _word(answer, "batch"),
            stage=_word(answer, "stage"),
            created=_count(answer, "created"),
            left=_count(answer, "left"),
            total=_count(answer, "total"),
            finished=finished is True,
            error=_error(answer),
        )
        if not isinstance(finished, bool) or progress.created + progress.left > progress.total:
            raise LyingError("The quipgen server's progress does not add up.")
        return progress


def parse_batch(body: bytes) -> str:
    """Return the id of a batch. Raises LyingError."""
    return _word(parse_object(body), "batch")


def parse_voice(body: bytes, clip: bytes) -> str:
    """Return the name under which the server knows a clip. Raises LyingError."""
    name = _word(parse_object(body), "voice")
    if name != clip_voice(clip):
        raise LyingError("The quipgen server took our clip for another one.")
    return name


def clip_voice(clip: bytes) -> str:
    """Return the name that a server gives to a clip, known before it is sent."""
    return f"clip-{sha256(clip).hexdigest()[:32]}"


def parse_object(body: bytes) -> dict[str, Any]:
    """Return a JSON object. Raises LyingError."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise LyingError("The quipgen server's answer is not JSON.") from error
    if not isinstance(answer, dict):
        raise LyingError("The quipgen server's answer is not a JSON object.")
    return answer


def message_of(answer: Mapping[str, Any]) -> str:
    """Return what an error says, fit to be shown."""
    message = str(answer.get("message") or answer.get("error") or "")
    return "".join(filter(str.isprintable, message))[:LONGEST_MESSAGE]


def _error(answer: Mapping[str, Any]) -> str | None:
    error = answer.get("error")
    if error is None:
        return None
    return message_of(error if isinstance(error, dict) else answer)


def _word(answer: Mapping[str, Any], key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value) <= LONGEST_WORD:
        raise LyingError("The quipgen server's answer has no proper {key}.", key=repr(key))
    return value


def _count(answer: Mapping[str, Any], key: str) -> int:
    value = answer.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise LyingError("The quipgen server's answer has no proper {key}.", key=repr(key))
    return value
