"""One instance on loopback: it boots, makes its batch quip by quip, and ends in time."""

import asyncio
import io
import json
import ssl
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.gppde.quipgen_double import Handler, make_archive

from .clock import shortened

PORT = 8765
ADDRESS_AFTER = 0.4
BOOTED_AFTER = 1.0
"""Real seconds after the launch."""
PACE = 0.4
"""Real seconds for a quip."""
START = 12.0
"""Real seconds in which a killed home is back on a busy machine: no clock makes it start faster."""
DEADLINE = shortened(15 * 60)
IDLE = shortened(3 * 60) + START
SHUTDOWN = shortened(20)
LOOK = 0.05
OWN_DEADLINE = "the instance's own deadline"
OWN_IDLENESS = "the server's own lifetime"
DISMISSED = "dismissal by the client"
DIED = "it died by itself"
INTERRUPTED = "AWS took it back"
TERMINATED = "TerminateInstances"


@dataclass(slots=True)
class Temper:
    """What is wrong with an instance. It `dies_at` so many quips, or only its `server` does.

    One that is mute or garbled is not ours inside, and so never ends by itself.
    """

    mute: bool = False
    garbled: bool = False
    dies_at: int | None = None
    server_dies_at: int | None = None


@dataclass(slots=True, kw_only=True)
class Machine:
    """`launched` and `ended` are the fast clock's times, `ended_at` is in real seconds; `end` is
    what ended it.

    `claimed` are the quips that the client said it had collected.
    """

    id: str
    home: str
    attempt: str
    token: str
    address: str
    launched: datetime
    files: Mapping[str, str]
    temper: Temper
    folder: Path
    happened: Callable[[str], None]
    ended: datetime | None = None
    ended_at: float = 0.0
    end: str = ""
    claimed: set[str] = field(default_factory=set)
    secrets: list[str] = field(default_factory=list)
    _began: float = field(default_factory=time.monotonic)
    _made: list[tuple[str, bytes]] = field(default_factory=list)
    _served: int = 0
    _serving_since: float = 0.0
    _finished_since: float = 0.0
    _is_dismissed: bool = False
    _runner: web.AppRunner | None = None

    @property
    def is_alive(self) -> bool:
        return self.ended is None

    @property
    def has_address(self) -> bool:
        return self._age() >= ADDRESS_AFTER

    async def live(self) -> str:
        """Serve until it ends by itself, and return why."""
        if self.temper.mute:
            await asyncio.Event().wait()
        await asyncio.sleep(BOOTED_AFTER)
        await self._serve()
        while not (why := self._why_to_end()):  # noqa: ASYNC110  time itself is waited for
            await asyncio.sleep(LOOK)
        await self.power_off()
        await asyncio.sleep(SHUTDOWN if why is DISMISSED else 0)
        return why

    async def power_off(self) -> None:
        """Answer nobody any more."""
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()

    def _age(self) -> float:
        return time.monotonic() - self._began

    def _why_to_end(self) -> str:
        if self.temper.garbled:
            return ""
        created = self._created()
        if self.temper.dies_at is not None and created >= self.temper.dies_at:
            return DIED
        if self._is_dismissed:
            return DISMISSED
        if self._finished_since and time.monotonic() - self._finished_since > IDLE:
            return OWN_IDLENESS
        return OWN_DEADLINE if self._age() > DEADLINE else ""

    def _created(self) -> int:
        created = min(int((time.monotonic() - self._serving_since) / PACE), len(self._made))
        if created == len(self._made) and not self._finished_since:
            self._finished_since = time.monotonic()
        return created

    async def _serve(self) -> None:
        order = json.loads(self.files["/etc/quipgen/order"])
        self._made = [
            make_archive(f"{self.id} says {n}.", order["persona"]) for n in range(order["count"])
        ]
        self._serving_since = time.monotonic()
        app = web.Application(middlewares=[self._guarded()])
        app.add_routes(
            [
                web.get("/health/", self._health),
                web.get("/quip_progress/", self._progress),
                web.get("/quips/", self._quips),
                web.post("/server_dismissed/", self._dismiss),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.address, PORT, ssl_context=self._tls()).start()

    def _tls(self) -> ssl.SSLContext:
        pem = self.folder / f"{self.id}.pem"
        pem.write_text(self.files["/etc/quipgen/certificate"])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context

    def _guarded(self) -> Middleware:
        token = self.files["/etc/quipgen/token"].strip()

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            if self._is_server_dead():
                return _broken(request)
            if self.temper.garbled:
                return web.Response(body=b"\x00\xff<html>Log in to this network")
            is_known = request.headers.get("Authorization") == f"Bearer {token}"
            if request.path != "/health/" and not is_known:
                return web.json_response({"error": "unauthorized"}, status=HTTPStatus.UNAUTHORIZED)
            return await handler(request)

        return guard

    def _is_server_dead(self) -> bool:
        dies_at = self.temper.server_dies_at
        return dies_at is not None and self._created() >= dies_at

    async def _health(self, _: web.Request) -> web.Response:
        self.happened("healthy")
        return web.json_response({"status": "ok", "version": "0.1.0", "stage": "speaking"})

    async def _progress(self, _: web.Request) -> web.Response:
        self._tell_how_far()
        created, total = self._created(), len(self._made)
        return web.json_response(
            {
                "batch": "batch-1",
                "stage": "done" if created == total else "speaking",
                "created": created,
                "left": total - created,
                "total": total,
                "finished": created == total,
                "error": None,
            }
        )

    def _tell_how_far(self) -> None:
        if self._served:
            self.happened(f"collected {self._served}")

    async def _quips(self, request: web.Request) -> web.Response:
        after, created = int(request.query.get("after", 0)), self._created()
        self.claimed.update(uuid for uuid, _ in self._made[:after])
        whole = io.BytesIO()
        with zipfile.ZipFile(whole, "w") as archive:
            for uuid, quip in self._made[after:created]:
                archive.writestr(f"quip-{uuid}.zip", quip)
        self._served = created
        if created == len(self._made):
            self.happened("finished")
        return web.Response(body=whole.getvalue(), content_type="application/zip")

    async def _dismiss(self, _: web.Request) -> web.Response:
        self.happened("dismissed")
        self._is_dismissed = True
        return web.json_response({})


def _broken(request: web.Request) -> web.Response:
    """Close the connection without a word; aiohttp finds nobody to send the rest to."""
    if request.transport:
        request.transport.abort()
    return web.Response()
