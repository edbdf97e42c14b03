"""Gives a source up that brings no news, and leaves it time to put its things in order."""

import asyncio
from contextlib import aclosing
from dataclasses import replace

from ..errors import SourceError
from . import Event, Events, Made, Progress

PATIENCE = 2 * 60
"""Seconds without news; GRACE less than a delivery waits, which would give up all of it."""
GRACE = 60


async def patient(events: Events) -> Events:
    """Pass events on until there was no news for too long. Raises SourceError."""
    now = asyncio.get_running_loop().time
    seen: set[object] = {None}
    end = now() + PATIENCE
    async with aclosing(events):
        while True:
            try:
                async with asyncio.timeout_at(end):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise SourceError("It takes too long: nothing more came for minutes.") from error
            yield _with_grace(event)
            if (news := _news(event)) not in seen:
                seen.add(news)
                end = now() + _patience(event)


def _news(event: Event) -> object:
    match event:
        case Made():
            return event.quip.uuid
        case Progress():
            return event.stage, event.created
        case _:
            return None


def _patience(event: Event) -> float:
    asked = event.patience if isinstance(event, Progress) else 0
    return max(PATIENCE, asked and asked + GRACE)


def _with_grace(event: Event) -> Event:
    """Ask whoever waits for more patience than is had here, where more than usual is asked."""
    if isinstance(event, Progress) and event.patience:
        return replace(event, patience=event.patience + 2 * GRACE)
    return event
