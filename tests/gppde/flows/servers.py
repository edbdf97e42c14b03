"""Web servers that a person may take for a quipgen server."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.gppde.helpers import TOKEN

type Answer = Callable[[web.Request], web.StreamResponse]

HEALTHY = {"status": "ok", "version": "0.1.0", "stage": "idle"}


def answering(status: int, text: str, **headers: str) -> Answer:
    """Answer everything alike."""
    return lambda _: web.Response(status=status, text=text, headers=headers)


def quipgen(progress: Any, *, health: dict[str, str] = HEALTHY) -> Answer:
    """Answer like a quipgen server whose answers are these."""

    def answer(request: web.Request) -> web.Response:
        if request.path == "/health/":
            return web.json_response(health)
        if request.headers["Authorization"] != f"Bearer {TOKEN}":
            return web.json_response({"error": "unauthorized", "message": "Who?"}, status=401)
        return web.json_response(progress)

    return answer


@asynccontextmanager
async def running(answer: Answer) -> AsyncIterator[str]:
    """Serve on a free port of the loopback; yield the address."""

    async def handle(request: web.Request) -> web.StreamResponse:
        return answer(request)

    async with _serving(handle) as url:
        yield url


@asynccontextmanager
async def hanging() -> AsyncIterator[str]:
    """Take connections, and never answer."""
    closing = asyncio.Event()

    async def handle(_: web.Request) -> web.StreamResponse:
        await closing.wait()
        return web.Response()

    async with _serving(handle) as url:
        yield url
        closing.set()


@asynccontextmanager
async def _serving(handle: Any) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))
