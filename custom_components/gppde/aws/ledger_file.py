"""The ledger on disk: whole, synced, for the owner's eyes only, and never believed when broken."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import voluptuous as vol

from ..files import discard, in_words, sync
from .attempt import Attempt
from .bill import Bill
from .errors import AwsError

FORMAT = 1
BROKEN = ".broken"
_CONTENT = vol.Schema({"format": FORMAT, "attempts": list, "bills": list}, required=True)


class LedgerError(AwsError):
    """The ledger cannot be read or written; nothing may be launched meanwhile."""


class LedgerBrokenError(LedgerError):
    """The ledger cannot be understood: an instance that it names may be running."""


@dataclass(slots=True)
class Content:
    """What the file holds."""

    attempts: list[Attempt] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)

    @classmethod
    def parse(cls, content: Any) -> Content:
        """Read what `as_json` wrote; raises vol.Invalid."""
        known = _CONTENT(content)
        return cls(
            attempts=[Attempt.parse(attempt) for attempt in known["attempts"]],
            bills=[Bill.parse(bill) for bill in known["bills"]],
        )

    def as_json(self) -> dict[str, Any]:
        """Return what `parse` reads."""
        return {
            "format": FORMAT,
            "attempts": [attempt.as_json() for attempt in self.attempts],
            "bills": [bill.as_json() for bill in self.bills],
        }


def read(path: Path) -> Content:
    """Read the file, which may not be there yet; raises LedgerError. It blocks."""
    try:
        return Content.parse(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Content()
    except OSError as error:
        raise _failed(error, path) from error
    except (ValueError, RecursionError, vol.Invalid) as error:
        raise LedgerBrokenError(
            "{path} is broken, so nobody here knows whether an instance is running. Look at the "
            "instances in AWS's console.",
            path=str(path),
        ) from error


def write(path: Path, content: dict[str, Any]) -> None:
    """Write beside its place, sync, rename; raises LedgerError. It blocks."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(exist_ok=True)
        discard(part)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(json.dumps(content).encode())
            stream.flush()
            os.fsync(descriptor)
        part.rename(path)
        sync(path.parent)
    except OSError as error:
        discard(part)
        raise _failed(error, path) from error


def set_aside(path: Path) -> None:
    """Let a person look at a broken file later; raises LedgerError. It blocks."""
    try:
        path.replace(path.with_name(path.name + BROKEN))
    except FileNotFoundError:
        return
    except OSError as error:
        raise _failed(error, path) from error


def _failed(error: OSError, path: Path) -> LedgerError:
    return LedgerError("{error}", error=in_words(error, path.parent).words)
