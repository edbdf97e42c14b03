"""How blocking work is done, time told and time spent, so that Home Assistant need not be known."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol


class Run(Protocol):
    """Does blocking work elsewhere, as `hass.async_add_executor_job` does."""

    def __call__[T](self, job: Callable[[], T], /) -> Awaitable[T]: ...


type Clock = Callable[[], datetime]
"""Tells the time, in UTC. It may be wrong, and jump."""

type Sleep = Callable[[float], Awaitable[None]]
"""Waits for some seconds, as `asyncio.sleep` does."""
