"""A server, and who orders from it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from custom_components.gppde.sources import following
from custom_components.gppde.sources import server as server_source

from .customer import Customer
from .slow_server import SlowServer, slow_server_running


@pytest.fixture
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL", 0.001)
    monkeypatch.setattr(server_source, "BUSY_POLL", 0.001)


@pytest.fixture
async def server(socket_enabled: None, no_patience: None) -> AsyncIterator[SlowServer]:
    async with slow_server_running() as server:
        yield server


@pytest.fixture
async def customer() -> AsyncIterator[Customer]:
    async with ClientSession() as session:
        yield Customer(session)
