"""Collects the quips of a batch while a quipgen server makes it."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from ..errors import SourceError
from ..quipgen import QuipgenClient
from ..quips.archive import Dropped, Harvest, read_archive
from ..words import Words
from . import Events, Keep, Made, Progress

POLL = 1.0


@dataclass(slots=True)
class Followed:
    """Which batch is ours, and how many of its quips we have. `batch` is None until we know."""

    persona: str
    batch: str | None = None
    collected: int = 0


async def follow(client: QuipgenClient, batch: Followed, keep: Keep) -> Events:
    """Collect a batch as it grows, until it is finished and all is here.

    Raises SourceError and QuipgenError.
    """
    while True:
        progress = await client.progress()
        if progress.batch != batch.batch:
            raise SourceError("The quipgen server no longer knows the batch it was making.")
        yield Progress(progress.stage, progress.created, progress.total, progress.error or "")
        if progress.created > batch.collected:
            harvest = await collect(client, batch.collected)
            for event in _ours(harvest, batch.persona):
                yield event
            batch.collected += len(harvest.quips) + len(harvest.dropped)
            await keep(asdict(batch))
        if progress.finished and progress.created <= batch.collected:
            return
        await asyncio.sleep(POLL)


async def collect(client: QuipgenClient, after: int) -> Harvest:
    """Fetch what was made, without the first `after` quips. Raises QuipgenError, ArchiveError."""
    return await asyncio.to_thread(read_archive, await client.quips(after))


def _ours(harvest: Harvest, persona: str) -> Iterator[Made | Dropped]:
    """Sort out the quips of another's batch, which may have taken the place of ours meanwhile."""
    yield from harvest.dropped
    for quip, mp3 in harvest.quips:
        if quip.persona == persona:
            yield Made(quip, mp3)
        else:
            reason = Words("It was made for the persona {persona}.", persona=repr(quip.persona))
            yield Dropped(quip.uuid, reason)
