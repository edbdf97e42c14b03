"""A client of a server that answers everything in one way."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from custom_components.gppde.quipgen import QuipgenClient

from .answering import TOKEN, Answer, Connect


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[aiohttp.ClientSession]:
    """Return a session as Home Assistant has one."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def connect(session: aiohttp.ClientSession) -> AsyncIterator[Connect]:
    """Return a client of a server that answers everything in one way."""
    servers: list[TestServer] = []

    async def start(answer: Answer) -> QuipgenClient:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
        server = TestServer(app, host="127.0.0.1")
        servers.append(server)
        await server.start_server()
        return QuipgenClient(session, str(server.make_url("/")), TOKEN, timeout=1.0)

    yield start
    for server in servers:
        await server.close()
