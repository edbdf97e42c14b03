"""A voice satellite on loopback that speaks Wyoming's protocol and tells what it was sent."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import override

from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.event import Event
from wyoming.info import Attribution, Describe, Info, Satellite
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler, AsyncTcpServer
from wyoming.snd import Played

from tests.e2e.house.ports import LOOPBACK, free_port

NOBODY = Attribution(name="", url="")
INFO = Info(
    satellite=Satellite(
        name="Stairs", attribution=NOBODY, installed=True, description=None, version="1"
    )
)


@dataclass(slots=True)
class Stairs:
    """`heard` is the seconds of each announcement."""

    port: int = field(default_factory=free_port)
    heard: list[float] = field(default_factory=list)
    _server: AsyncTcpServer | None = None

    async def come(self) -> None:
        """Be there, at the same port as before."""
        self._server = AsyncTcpServer(LOOPBACK, self.port)
        await self._server.start(lambda reader, writer: Ear(reader, writer, self.heard))

    async def leave(self) -> None:
        """Be switched off."""
        server, self._server = self._server, None
        if server is not None:
            await server.stop()


class Ear(AsyncEventHandler):
    """One connection of Home Assistant's."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: list[float]
    ) -> None:
        super().__init__(reader, writer)
        self._heard = heard
        self._seconds = 0.0

    @override
    async def handle_event(self, event: Event) -> bool:
        if Describe.is_type(event.type):
            await self.write_event(INFO.event())
        elif Ping.is_type(event.type):
            await self.write_event(Pong(text=Ping.from_event(event).text).event())
        elif AudioStart.is_type(event.type):
            self._seconds = 0
        elif AudioChunk.is_type(event.type):
            self._seconds += AudioChunk.from_event(event).seconds
        elif AudioStop.is_type(event.type):
            self._heard.append(self._seconds)
            await self.write_event(Played().event())
        return True


@asynccontextmanager
async def standing() -> AsyncGenerator[Stairs]:
    """Let it stand there."""
    stairs = Stairs()
    await stairs.come()
    try:
        yield stairs
    finally:
        await stairs.leave()
