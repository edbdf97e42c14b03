"""Feels how long an event loop is kept from its other work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter, thread_time

BEAT = 0.001


class Heart:
    """Of the longest wait for a beat: `busy` are the seconds of the processor that the loop's own
    thread took, `stalled` those on the clock, in which other threads and processes count too.
    """

    def __init__(self) -> None:
        self.busy = 0.0
        self.stalled = 0.0

    async def beat(self) -> None:
        """Go on for ever."""
        while True:
            busy_since, since = thread_time(), perf_counter()
            await asyncio.sleep(BEAT)
            self.busy = max(self.busy, thread_time() - busy_since)
            self.stalled = max(self.stalled, perf_counter() - since - BEAT)


@asynccontextmanager
async def heart() -> AsyncIterator[Heart]:
    """Feel the running loop for as long as the context lasts."""
    felt = Heart()
    beating = asyncio.create_task(felt.beat())
    await asyncio.sleep(BEAT)
    try:
        yield felt
        await asyncio.sleep(2 * BEAT)
    finally:
        beating.cancel()
