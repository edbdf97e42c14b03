"""Where quips come from: one module per source behind one small protocol."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from ..const import Tone
from ..errors import SourceError
from ..quips.archive import Dropped
from ..quips.quip import Quip
from ..words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What a source has to know of a persona."""

    name: str
    description: str
    tone: Tone
    voice: str


type ReadClip = Callable[[], Awaitable[bytes | None]]


async def no_clip() -> None:
    """Have no clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A wish for `count` quips in a persona's manner, unlike any of the texts in `avoid`.

    `clip` reads the sample of a voice to speak like, if there is one; it raises ClipMissingError.
    `by_person` tells that a person asks, so that what failed before is to be forgotten.
    """

    brief: Brief
    count: int
    avoid: list[str]
    clip: ReadClip = no_clip
    by_person: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a source is: `created` of `total` quips made; `stage` is the source's own word,
    `trouble` its reason if there will be no more than that, `patience` the seconds that it may take
    until the next news, where that is longer than usual.
    """

    stage: str
    created: int
    total: int
    trouble: str | Words = ""
    patience: float = 0


@dataclass(frozen=True, slots=True)
class Made:
    """A finished quip and its mp3."""

    quip: Quip
    mp3: bytes


@dataclass(frozen=True, slots=True)
class StoodIn:
    """The source failed with `error`; what comes from here on is made by its stand-in.

    `rests` tells that the source has failed so often that it is left alone until the next day.
    """

    error: SourceError
    rests: bool


type Event = Made | Dropped | Progress | StoodIn
type Events = AsyncGenerator[Event]

type Ticket = dict[str, Any]
"""What a source must remember to resume an order after a crash; JSON, no secrets."""

type Keep = Callable[[Ticket], Awaitable[None]]
"""Stores a ticket durably."""


class Source(Protocol):
    """Makes quips to order."""

    def make(self, order: Order, ticket: Ticket | None, keep: Keep) -> Events:
        """Yield quips as they come to exist, what had to be dropped, and progress in between.

        `ticket` is what was kept of this very order before a crash, else None. `keep` is
        awaited before anything is begun that a crash must not begin twice.
        Raises SourceError, and ClipError where it is the order's clip that hinders it.
        """
        ...
