"""Who orders from a source."""

import json
from contextlib import aclosing

from aiohttp import ClientSession

from custom_components.gppde.const import Tone
from custom_components.gppde.quipgen import QuipgenClient
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.sources import (
    Brief,
    Event,
    Events,
    Made,
    Order,
    Progress,
    ReadClip,
    Ticket,
    no_clip,
)
from custom_components.gppde.sources.server import ServerSource
from tests.gppde.helpers import TOKEN

HINGE = Brief(name="Hinge", description="A cheerful door.", tone=Tone.SUNNY, voice="espeak")


class Customer:
    """Orders from a source, and keeps tickets as the journal does."""

    def __init__(self, session: ClientSession) -> None:
        self.tickets: list[Ticket] = []
        self.events: list[Event] = []
        self._session = session

    def asks(
        self,
        url: str,
        count: int = 3,
        ticket: Ticket | None = None,
        *,
        token: str = TOKEN,
        avoid: list[str] | None = None,
        clip: ReadClip = no_clip,
    ) -> Events:
        client = QuipgenClient(self._session, url, token, timeout=0.3)
        order = Order(brief=HINGE, count=count, avoid=avoid or [], clip=clip)
        return ServerSource(client).make(order, ticket, self._keep)

    async def gets(self, events: Events) -> None:
        async for event in events:
            self.events.append(event)

    async def gets_quips(self, events: Events, count: int) -> None:
        """Take so many, then crash."""
        async with aclosing(events):
            async for event in events:
                self.events.append(event)
                if len(self.lines) == count:
                    return

    @property
    def lines(self) -> list[str]:
        return [event.quip.text for event in self.events if isinstance(event, Made)]

    @property
    def dropped(self) -> list[Dropped]:
        return [event for event in self.events if isinstance(event, Dropped)]

    @property
    def progress(self) -> list[Progress]:
        return [event for event in self.events if isinstance(event, Progress)]

    async def _keep(self, ticket: Ticket) -> None:
        self.tickets.append(json.loads(json.dumps(ticket)))
