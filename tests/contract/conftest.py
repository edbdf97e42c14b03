"""The two packages share no code: here the real client meets the real server."""

from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import ClientSession

from custom_components.gppde.quipgen import QuipgenClient

from .serving import TOKEN, Connect, Serving, quipgen_serving


@pytest.fixture(scope="session")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for all: loading its model takes seconds."""
    with quipgen_serving(tmp_path_factory.mktemp("quipgen")) as serving:
        yield serving


@pytest.fixture
async def connect(socket_enabled: None) -> AsyncIterator[Connect]:
    """Return clients of any server."""
    async with ClientSession() as session:
        yield lambda serving, token=TOKEN: QuipgenClient(
            session, serving.url, token, serving.fingerprint
        )


@pytest.fixture
async def client(connect: Connect, serving: Serving) -> QuipgenClient:
    """Return a client of the server, which is idle."""
    client = connect(serving)
    await client.dismiss()
    return client
