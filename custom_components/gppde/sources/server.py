"""A quipgen server that is already running."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import voluptuous as vol

from ..errors import (
    ArchiveError,
    SourceAuthError,
    SourceError,
    SourceUntrustedError,
)
from ..quipgen import (
    BusyError,
    QuipgenClient,
    QuipgenError,
    UnauthorizedError,
    UntrustedError,
)
from . import Events, Keep, Made, Order, Progress, Ticket, following
from .cloned import voice_of
from .following import Followed, collect, follow

POLLS_WHILE_BUSY = 24
BUSY_POLL = 5.0
LONGEST_AVOIDED = 500
ROOM_FOR_AVOIDED = 512 * 2**10


@dataclass(slots=True)
class _Ticket(Followed):
    """While we do not know our batch it is not `before`, the one that the server held when we were
    about to ask for ours.
    """

    before: str | None = None


_TICKET = vol.Schema(
    {
        "persona": str,
        "before": vol.Any(None, str),
        "batch": vol.Any(None, str),
        "collected": vol.All(int, vol.Range(min=0)),
    },
    required=True,
)


class ServerSource:
    """Lets a quipgen server make a batch, and collects its quips while it does."""

    def __init__(self, client: QuipgenClient) -> None:
        self._client = client

    async def make(self, order: Order, ticket: Ticket | None, keep: Keep) -> Events:
        """Collect the rest of the batch of a ticket, then start one for what it lacked."""
        left = order.count
        try:
            await self._client.health()
            async for event in self._resume(_valid(ticket), keep):
                left -= isinstance(event, Made)
                yield event
            if left > 0:
                async for event in self._order(replace(order, count=left), keep):
                    yield event
        except UnauthorizedError as error:
            raise SourceAuthError("{error}", error=error.words) from error
        except UntrustedError as error:
            raise SourceUntrustedError("{error}", error=error.words) from error
        except (QuipgenError, ArchiveError) as error:
            raise SourceError("{error}", error=error.words) from error

    async def _resume(self, ticket: _Ticket | None, keep: Keep) -> Events:
        if ticket is not None and await self._still_holds(ticket):
            async for event in follow(self._client, ticket, keep):
                yield event

    async def _still_holds(self, ticket: _Ticket) -> bool:
        """Look for our batch. One that nobody told us of is ours if its quips are our persona's."""
        held = (await self._client.progress()).batch
        if ticket.batch is None and held not in (None, ticket.before):
            ticket.batch = held if await self._is_for(ticket.persona) else None
        return held is not None and held == ticket.batch

    async def _is_for(self, persona: str) -> bool:
        while True:
            progress = await self._client.progress()
            if progress.created or progress.finished:
                break
            await asyncio.sleep(following.POLL)
        harvest = await collect(self._client, after=0)
        return any(quip.persona == persona for quip, _ in harvest.quips)

    async def _order(self, order: Order, keep: Keep) -> Events:
        # First, for a batch whose clip does not come would wait for it.
        voice = await voice_of(self._client, order)
        order = replace(order, brief=replace(order.brief, voice=voice))
        ticket = _Ticket(order.brief.name.strip())
        for poll in range(POLLS_WHILE_BUSY, -1, -1):
            ticket.before = (await self._client.progress()).batch
            await keep(asdict(ticket))
            try:
                ticket.batch = await self._client.start_batch(_body(order))
                break
            except BusyError:
                if not poll:
                    raise
            yield Progress("busy", 0, order.count)
            await asyncio.sleep(BUSY_POLL)
        await keep(asdict(ticket))
        async for event in follow(self._client, ticket, keep):
            yield event


def _valid(ticket: Ticket | None) -> _Ticket | None:
    """Read what was kept; it may stem from another version, or from another source."""
    try:
        return _Ticket(**_TICKET(ticket))
    except vol.Invalid:
        return None


def _body(order: Order) -> dict[str, Any]:
    return {
        "count": order.count,
        "persona": asdict(order.brief),
        "avoid": list(_fitting(order.avoid)),
    }


def _fitting(texts: list[str]) -> Iterator[str]:
    """Yield the newest texts, as many and as much of each as the server takes."""
    room = ROOM_FOR_AVOIDED
    for text in reversed(texts):
        start = text[:LONGEST_AVOIDED]
        room -= len(json.dumps(start)) + len(", ")
        if room < 0:
            return
        yield start
