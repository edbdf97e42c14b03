"""Somebody who looks at a dashboard."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from pytest_homeassistant_custom_component.typing import MockHAClientWebSocket

type Snapshot = dict[str, Any]


class Onlooker:
    """A card on somebody's dashboard."""

    def __init__(self, client: MockHAClientWebSocket, id_: int) -> None:
        self.client = client
        self.id = id_

    async def sees(self, is_it: Callable[[Snapshot], bool] = lambda _: True) -> Snapshot:
        """Return the next snapshot of that kind."""
        async with asyncio.timeout(5):
            while not is_it(snapshot := await self._snapshot()):
                pass
        return snapshot

    async def counts(self, seconds: float) -> int:
        """Return how many snapshots come in some seconds."""
        count = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while await self._snapshot():
                    count += 1
        return count

    async def leaves(self) -> None:
        await self.client.send_json_auto_id({"type": "unsubscribe_events", "subscription": self.id})
        while (answer := await self.client.receive_json())["type"] != "result":
            pass
        assert answer["success"]

    async def _snapshot(self) -> Snapshot:
        message = await self.client.receive_json()
        assert message["type"] == "event"
        assert message["id"] == self.id
        snapshot: Snapshot = message["event"]
        return snapshot
