"""A quipgen server over a real socket that makes its quips at once, for tests of what uses it."""

import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from .clips import clip_id
from .helpers import TOKEN, make_mp3, make_quip

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Quipgen:
    """Answers as the server's contract says; `broken` makes it fail every batch, `stalls` lets it
    make nothing of any, `no_clip` is the error with which it refuses each clip.
    """

    url: str = ""
    broken: bool = False
    stalls: bool = False
    no_clip: str = ""
    orders: list[dict[str, Any]] = field(default_factory=list)
    made: list[tuple[str, bytes]] = field(default_factory=list)
    clips: list[bytes] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    """Every Authorization header that it was shown."""
    hears: Callable[[], bool] = lambda: True
    """While it does not, connections break off."""

    async def health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "version": "0.1.0", "stage": "idle"})

    async def start_batch(self, request: web.Request) -> web.Response:
        if self.broken:
            return web.json_response({"error": "broken", "message": "Out of order"}, status=500)
        self.begin(await request.json())
        return web.json_response({"batch": self._batch}, status=202)

    def begin(self, order: dict[str, Any]) -> None:
        """Make a batch."""
        self.orders.append(order)
        self.made = [
            make_archive(f"Line {len(self.orders)}.{n}", order["persona"])
            for n in range(0 if self.stalls else order["count"])
        ]

    async def add_voice(self, request: web.Request) -> web.Response:
        if self.no_clip:
            return web.json_response({"error": self.no_clip, "message": "It is noise."}, status=400)
        self.clips.append(await request.read())
        return web.json_response({"voice": clip_id(self.clips[-1])})

    async def progress(self, _: web.Request) -> web.Response:
        count = len(self.made)
        return web.json_response(
            {
                "batch": self._batch if self.orders else None,
                "stage": "done" if self.orders else "idle",
                "created": count,
                "left": int(self.stalls),
                "total": count + self.stalls,
                "finished": not self.stalls,
                "error": None,
            }
        )

    async def quips(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", 0))
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for uuid, quip in self.made[after:]:
                archive.writestr(f"quip-{uuid}.zip", quip)
        return web.Response(body=whole.getvalue(), content_type="application/zip")

    async def dismiss(self, _: web.Request) -> web.Response:
        return web.json_response({})

    @property
    def _batch(self) -> str:
        return f"batch-{len(self.orders)}"


def make_archive(text: str, persona: dict[str, str]) -> tuple[str, bytes]:
    """Return the UUID of a quip made for a persona, and the quip as the server packs it."""
    quip = make_quip(text, persona=persona["name"], tone=persona["tone"], voice=persona["voice"])
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("metadata.json", json.dumps(quip.as_metadata()))
        archive.writestr("quip.mp3", make_mp3())
    return quip.uuid, whole.getvalue()


@asynccontextmanager
async def quipgen_running(
    context: SSLContext | None = None, port: int = 0, token: str = TOKEN
) -> AsyncIterator[Quipgen]:
    """Run the double on the loopback, on a free port or the one given."""
    quipgen = Quipgen()

    @web.middleware
    async def authorize(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not quipgen.hears() and request.transport:
            request.transport.abort()
        quipgen.tokens += request.headers.getall("Authorization", [])
        if request.path != "/health/" and request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"error": "unauthorized", "message": "Who?"}, status=401)
        return await handler(request)

    app = web.Application(middlewares=[authorize])
    app.add_routes(
        [
            web.get("/health/", quipgen.health),
            web.post("/batch/", quipgen.start_batch),
            web.post("/voices/", quipgen.add_voice),
            web.get("/quip_progress/", quipgen.progress),
            web.get("/quips/", quipgen.quips),
            web.post("/server_dismissed/", quipgen.dismiss),
        ]
    )
    server = TestServer(app, port=port, scheme="https" if context else "http")
    await server.start_server(ssl=context)
    try:
        quipgen.url = str(server.make_url("/"))
        yield quipgen
    finally:
        await server.close()
