"""A quipgen server that is already running."""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import voluptuous as vol

from ..archive import Dropped, Harvest, read_archive
from ..errors import (
    ArchiveError,
    ClipRefusedError,
    CloningError,
    SourceAuthError,
    SourceError,
    SourceUntrustedError,
)
from ..quipgen import (
    BusyError,
    NoCloningError,
    QuipgenClient,
    QuipgenError,
    RejectedError,
    UnauthorizedError,
    UntrustedError,
)
from . import Brief, Made, Order, Progress, Ticket

POLL = 1.0
POLLS_WHILE_BUSY = 24
BUSY_POLL = 5 * POLL
LONGEST_AVOIDED = 500
ROOM_FOR_AVOIDED = 512 * 2**10

type Keep = Callable[[Ticket], Awaitable[None]]


@dataclass(slots=True)
class _Ticket:
    """Which batch is ours, and how many of its quips we have.

    `batch` is None while we do not know it yet: then it is not `before`, the one that the server
    held when we were about to ask for ours.
    """

    persona: str
    before: str | None = None
    batch: str | None = None
    collected: int = 0


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

    async def make(
        self, order: Order, ticket: Ticket | None, keep: Keep
    ) -> AsyncGenerator[Made | Dropped | Progress]:
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
            raise SourceAuthError(str(error)) from error
        except UntrustedError as error:
            raise SourceUntrustedError(str(error)) from error
        except (QuipgenError, ArchiveError) as error:
            raise SourceError(str(error)) from error

    async def _resume(
        self, ticket: _Ticket | None, keep: Keep
    ) -> AsyncGenerator[Made | Dropped | Progress]:
        if ticket is not None and await self._still_holds(ticket):
            async for event in self._follow(ticket, keep):
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
            await asyncio.sleep(POLL)
        harvest = await self._collect(after=0)
        return any(quip.persona == persona for quip, _ in harvest.quips)

    async def _order(self, order: Order, keep: Keep) -> AsyncGenerator[Made | Dropped | Progress]:
        # First, for a batch whose clip does not come would wait for it.
        order = replace(order, brief=await self._voiced(order))
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
        async for event in self._follow(ticket, keep):
            yield event

    async def _voiced(self, order: Order) -> Brief:
        """Send the clip, if there is one, and let it be the voice."""
        clip = await order.clip()
        if clip is None:
            return order.brief
        try:
            return replace(order.brief, voice=await self._client.add_voice(clip))
        except NoCloningError as error:
            raise CloningError(str(error)) from error
        except RejectedError as error:
            raise ClipRefusedError(str(error)) from error

    async def _follow(
        self, ticket: _Ticket, keep: Keep
    ) -> AsyncGenerator[Made | Dropped | Progress]:
        """Collect a batch as it grows, until it is finished and all is here."""
        while True:
            progress = await self._client.progress()
            if progress.batch != ticket.batch:
                raise SourceError("The quipgen server no longer knows the batch it was making.")
            yield Progress(progress.stage, progress.created, progress.total, progress.error or "")
            if progress.created > ticket.collected:
                harvest = await self._collect(ticket.collected)
                for event in _ours(harvest, ticket.persona):
                    yield event
                ticket.collected += len(harvest.quips) + len(harvest.dropped)
                await keep(asdict(ticket))
            if progress.finished and progress.created <= ticket.collected:
                return
            await asyncio.sleep(POLL)

    async def _collect(self, after: int) -> Harvest:
        return await asyncio.to_thread(read_archive, await self._client.quips(after))


def _valid(ticket: Ticket | None) -> _Ticket | None:
    """Read what was kept; it may stem from another version, or from another source."""
    try:
        return _Ticket(**_TICKET(ticket))
    except vol.Invalid:
        return None


def _ours(harvest: Harvest, persona: str) -> Iterator[Made | Dropped]:
    """Sort out the quips of another's batch, which may have taken the place of ours meanwhile."""
    yield from harvest.dropped
    for quip, mp3 in harvest.quips:
        if quip.persona == persona:
            yield Made(quip, mp3)
        else:
            yield Dropped(quip.uuid, f"It was made for the persona {quip.persona!r}.")


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
