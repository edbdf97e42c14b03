"""Under which address AWS sees us: asked of a server that may answer anything, or nothing."""

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from custom_components.gppde.ec2 import home_address as module
from custom_components.gppde.ec2.home_address import home_address
from custom_components.gppde.errors import SourceError


async def told(monkeypatch: pytest.MonkeyPatch, text: str, status: int = 200) -> str:
    """Ask a server that answers so."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=text, status=status)

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestServer(app) as server, ClientSession() as session:
        monkeypatch.setattr(module, "ASKED", str(server.make_url("/")))
        return await home_address(session)


async def test_the_address_is_what_the_server_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await told(monkeypatch, "203.0.113.5\n") == "203.0.113.5"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("203.0.113.5", 503),
        ("2001:db8::5", 200),
        ("<html>Sign in to this network</html>", 200),
        ("203.0.113.5" * 1000, 200),
        ("", 200),
    ],
)
async def test_whatever_else_it_tells_is_no_address(
    monkeypatch: pytest.MonkeyPatch, text: str, status: int
) -> None:
    with pytest.raises(SourceError, match="Home Assistant must reach"):
        await told(monkeypatch, text, status)


async def test_a_server_that_is_not_there_tells_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ASKED", "http://127.0.0.1:9/")
    async with ClientSession() as session:
        with pytest.raises(SourceError, match="Home Assistant must reach"):
            await home_address(session)
