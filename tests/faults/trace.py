"""Writes down, inside Home Assistant, on whose behalf an instance is ended or gone on with."""

import json
import os
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from custom_components.gppde.aws.ending import Ending
from custom_components.gppde.aws.launching import Launching
from custom_components.gppde.aws.life import Life
from custom_components.gppde.aws.reconcile import Reconciler
from custom_components.gppde.ec2.instances import Instances
from custom_components.gppde.sources.ec2 import Ec2Source

FINALLY = "the refill's finally"
RESUME = "resume at start"
AT_START = "reconcile at start"
ON_TIMER = "reconcile on the timer"
SEARCHED = "search by tag"
_ACTORS: list[tuple[type, str, str]] = [
    (Ec2Source, "_end", FINALLY),
    (Ec2Source, "_resumed", RESUME),
    (Reconciler, "sweep", AT_START),
    (Instances, "_look", ON_TIMER),
]
_actor = ContextVar("actor", default="")


@dataclass(frozen=True, slots=True)
class Note:
    """`what` was done for `actor` to an instance, or to an attempt; `at` is in real seconds."""

    at: float
    actor: str
    what: str
    name: str


def read(file: Path) -> list[Note]:
    """Return what was written down, the oldest first."""
    lines = file.read_text().splitlines() if file.exists() else []
    return [Note(**json.loads(line)) for line in lines]


def begin(file: Path) -> None:
    """Write to a file from now on."""
    for owner, method, actor in _ACTORS:
        patch.object(owner, method, _acting(getattr(owner, method), actor)).start()

    def note(what: str, name: str) -> None:
        _append(file, Note(time.time(), _actor.get(), what, name))

    _follow_ends(note)
    _follow_rescues(note)


def _follow_ends(note: Callable[[str, str], None]) -> None:
    terminate = Ending._terminate

    async def noted(self: Ending, id_: str) -> Any:
        note("terminates", id_)
        return await terminate(self, id_)

    patch.object(Ending, "_terminate", noted).start()


def _follow_rescues(note: Callable[[str, str], None]) -> None:
    resume, search = Life.resume, Launching._search

    async def resumed(self: Life, attempt: Any) -> bool:
        if is_worth_it := await resume(self, attempt):
            note("resumes", attempt.instance or "")
        return is_worth_it

    async def searched(self: Launching, attempt: Any, doubt: Any) -> None:
        note("searches", attempt.id)
        await search(self, attempt, doubt)

    patch.object(Life, "resume", resumed).start()
    patch.object(Launching, "_search", searched).start()


def _acting(method: Callable[..., Awaitable[Any]], actor: str) -> Callable[..., Awaitable[Any]]:
    @wraps(method)
    async def acting(*args: Any, **kwargs: Any) -> Any:
        token = _actor.set(actor)
        try:
            return await method(*args, **kwargs)
        finally:
            _actor.reset(token)

    return acting


def _append(file: Path, note: Note) -> None:
    # One write, so that kill -9 leaves a line or none.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, (json.dumps(asdict(note)) + "\n").encode())
    finally:
        os.close(descriptor)
