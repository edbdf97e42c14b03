"""Bounded waits that say what did not come."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

from .errors import NotSeenError

PAUSE = 0.05


@asynccontextmanager
async def meanwhile(doing: Coroutine[None, None, None]) -> AsyncGenerator[None]:
    """Let something that never ends by itself go on beside what is done inside."""
    task = asyncio.create_task(doing)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def within(seconds: float, what: str) -> AsyncGenerator[None]:
    """Bound what is done inside; raises NotSeenError."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise NotSeenError(f"{what} did not come within {seconds:g} s") from error


async def until[T](
    what: str,
    seconds: float,
    look: Callable[[], Awaitable[T]],
    check: Callable[[], None] = lambda: None,
) -> T:
    """Look again and again until there is something to see, and return it; raises NotSeenError.

    `check` raises where it has become pointless to wait.
    """
    async with within(seconds, what):
        while not (seen := await look()):
            check()
            await asyncio.sleep(PAUSE)
    return seen
