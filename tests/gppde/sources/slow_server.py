"""A quipgen server over a real socket: a quip per look at its progress, and faults at will."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from custom_components.gppde.quips.quip import Quip
from tests.gppde.clips import clip_id
from tests.gppde.helpers import TOKEN, make_mp3, make_quip

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class SlowServer:
    """Holds one batch at a time; `faults` replaces what is answered at a path."""

    url: str = ""
    batch: str | None = None
    persona: str = ""
    quips: list[Quip] = field(default_factory=list)
    total: int = 0
    gives_up_after: int | None = None
    busy_for: int = 0
    orders: list[dict[str, Any]] = field(default_factory=list)
    clips: list[bytes] = field(default_factory=list)
    afters: list[int] = field(default_factory=list)
    faults: dict[str, Handler] = field(default_factory=dict)
    stop: Callable[[], Awaitable[None]] = field(init=False)

    def hold(self, batch: str, persona: str, made: int, total: int) -> None:
        """Be in the middle of a batch."""
        self.batch, self.persona, self.total = batch, persona, total
        self.quips = []
        for _ in range(made):
            self._make()

    async def health(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok", "version": "0.1.0", "stage": "idle"})

    async def start(self, request: web.Request) -> web.Response:
        if self.busy_for:
            self.busy_for -= 1
            busy = {"error": "batch_running", "message": "A batch runs.", "batch": "theirs"}
            return web.json_response(busy, status=409)
        order = await request.json()
        self.orders.append(order)
        self.hold(f"batch-{len(self.orders)}", order["persona"]["name"], 0, order["count"])
        return web.json_response({"batch": self.batch}, status=202)

    async def add_voice(self, request: web.Request) -> web.Response:
        self.clips.append(await request.read())
        return web.json_response({"voice": clip_id(self.clips[-1])})

    async def progress(self, _: web.Request) -> web.Response:
        gave_up = self.gives_up_after is not None and len(self.quips) >= self.gives_up_after
        if len(self.quips) < self.total and not gave_up:
            self._make()
        finished = gave_up or len(self.quips) == self.total
        return web.json_response(
            {
                "batch": self.batch,
                "stage": "finished" if finished else "speaking",
                "created": len(self.quips),
                "left": 0 if finished else self.total - len(self.quips),
                "total": self.total,
                "finished": finished and self.batch is not None,
                "error": {"error": "too_few", "message": "No more ideas."} if gave_up else None,
            }
        )

    async def collect(self, request: web.Request) -> web.Response:
        after = int(request.query["after"])
        self.afters.append(after)
        return web.Response(body=_archive(self.quips[after:]), content_type="application/zip")

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if fault := self.faults.get(request.path):
            return await fault(request)
        authorized = request.headers.get("Authorization") == f"Bearer {TOKEN}"
        if request.path != "/health/" and not authorized:
            return web.json_response({"error": "unauthorized", "message": "Who?"}, status=401)
        return await handler(request)

    def _make(self) -> None:
        self.quips.append(make_quip(f"Line {len(self.quips)}.", persona=self.persona))


@asynccontextmanager
async def slow_server_running() -> AsyncIterator[SlowServer]:
    server = SlowServer()
    app = web.Application(middlewares=[server.guard])
    app.add_routes(
        [
            web.get("/health/", server.health),
            web.post("/batch/", server.start),
            web.post("/voices/", server.add_voice),
            web.get("/quip_progress/", server.progress),
            web.get("/quips/", server.collect),
        ]
    )
    async with TestServer(app) as running:
        server.url = str(running.make_url("/"))
        server.stop = running.close
        yield server


def _archive(quips: list[Quip]) -> bytes:
    return _zip({f"quip-{quip.uuid}.zip": _quip_archive(quip) for quip in quips})


def _quip_archive(quip: Quip) -> bytes:
    return _zip({"metadata.json": quip.as_json(), "quip.mp3": make_mp3()})


def _zip(files: dict[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def answers(status: int = 200, body: bytes = b"{}") -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    return answer


async def hang(_: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()
