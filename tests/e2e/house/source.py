"""Where the house's quips come from, as the house sees it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from .client import Client, Json


class Source(Protocol):
    """`environment` is what Home Assistant's process needs of it, `patience` the seconds that a
    refill may take, and `leftovers` what still runs and should not, once all refills are over.
    """

    @property
    def environment(self) -> Mapping[str, str]: ...

    @property
    def patience(self) -> float: ...

    @property
    def leftovers(self) -> Sequence[str]: ...

    async def add(self, client: Client) -> Json:
        """Add GPPDE with it, and return the last step of the flow; raises RefusedError."""
        ...


type OpenSource = Callable[[Path], AbstractAsyncContextManager[Source]]
"""Runs a source whose files all lie in a folder."""
