from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import settings
from pytest_aiohttp.plugin import AiohttpClient

from quipgen_server.app import make_app
from quipgen_server.studio import Studio
from quipgen_server.voices.espeak import EspeakEngine
from quipgen_server.writing import Writer

from .client import TOKEN, Client
from .tiny_model import save_tiny_model
from .writers import CorpusWriter

settings.register_profile("server", deadline=None, max_examples=50)
settings.load_profile("server")

Serve = Callable[[Writer], Awaitable[Client]]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    save_tiny_model(folder)
    return folder


@pytest.fixture
def serve(aiohttp_client: AiohttpClient) -> Serve:
    """A client of a server whose lines come from the writer given."""

    async def start(writer: Writer) -> Client:
        studio = Studio(lambda: writer, EspeakEngine())
        return Client(await aiohttp_client(make_app(studio, TOKEN)))

    return start


@pytest.fixture
async def client(serve: Serve) -> Client:
    return await serve(CorpusWriter())
