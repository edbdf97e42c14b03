"""Lets this home in at its instances, whatever address it has by now."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from ..aws.errors import ThrottledError, UnansweredError
from ..aws.fleet import Fleet
from ..errors import SourceError

RENEWAL = 30.0
"""Seconds between questions for the address, which most homes keep for months."""

type HomeAddress = Callable[[], Awaitable[str]]
"""Tells the public IPv4 address under which this home is seen; raises SourceError."""


class Admittance:
    """Follows the address: a router that comes back from a power cut often has another one."""

    def __init__(self, fleet: Fleet, home_address: HomeAddress, port: int) -> None:
        self._fleet = fleet
        self._home_address = home_address
        self._port = port
        self._address: str | None = None
        self._asked: float | None = None

    async def address(self) -> str:
        """Return the address that a launch is to let in. Raises SourceError."""
        self._address = await self._home_address()
        self._asked = _now()
        return self._address

    async def renew(self) -> None:
        """Where the address is another one, let it in instead; raises AwsError's children.

        Nothing happens while the way to AWS itself is cut, and within RENEWAL.
        """
        if self._asked is not None and _now() - self._asked < RENEWAL:
            return
        with suppress(SourceError, UnansweredError, ThrottledError):
            address = await self._home_address()
            if address != self._address:
                ensure = self._fleet.firewall.ensure
                await self._fleet.run(partial(ensure, address, self._port))
            self._address, self._asked = address, _now()


def _now() -> float:
    return asyncio.get_running_loop().time()
