"""Stands between botocore and moto: writes down each call, and lets things go wrong."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from threading import Event, Thread

from aiohttp import ClientSession, ClientTimeout, hdrs, web

from .call import Answer, Call
from .faults import Fault
from .lacking import Lacking

LONGEST = 30.0
"""Seconds for the proxy to start or to stop, and for moto to answer."""
OWN_HEADERS = {"host", "content-length", "connection", "accept-encoding"}


class Proxy:
    """`url` is what AWS_ENDPOINT_URL should be, `calls` are the names of all actions in their
    order, repetitions by botocore among them, and `requests` what was in them. `now` is the time
    that AWS tells.
    """

    def __init__(self, moto: str) -> None:
        self.url = ""
        self.now: Callable[[], datetime] = partial(datetime.now, UTC)
        self._moto = moto
        self.forget()

    def forget(self) -> None:
        """Begin anew: nothing was asked, and nothing goes wrong."""
        self.requests: list[Call] = []
        self.faults: list[Fault] = []
        self.lacking = Lacking()

    @property
    def calls(self) -> list[str]:
        return [call.action for call in self.requests]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        call = Call.parse(request.headers, body)
        self.requests.append(call)

        async def forward() -> Answer:
            return await self.lacking.answer(call, body, partial(self._ask_moto, request))

        fault = next((fault for fault in self.faults if fault.befalls(call)), None)
        if fault is None:
            return self._respond(await forward())
        fault.times -= 1
        answer = await fault.meet(call, forward)
        return self._respond(answer) if answer else _broken(request)

    def _respond(self, answer: Answer) -> web.Response:
        return web.Response(
            status=answer.status,
            body=answer.body,
            content_type=answer.content_type,
            headers={hdrs.DATE: format_datetime(self.now(), usegmt=True)},
        )

    async def _ask_moto(self, request: web.Request, body: bytes) -> Answer:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in OWN_HEADERS
        }
        async with (
            ClientSession(timeout=ClientTimeout(LONGEST)) as session,
            session.request(
                request.method, self._moto + request.path_qs, headers=headers, data=body
            ) as response,
        ):
            return Answer(response.status, await response.read(), response.content_type)


def _broken(request: web.Request) -> web.Response:
    """Close the connection without a word; aiohttp finds nobody to send the rest to."""
    if request.transport:
        request.transport.abort()
    return web.Response()


@contextmanager
def proxy_serving(moto: str) -> Iterator[Proxy]:
    """Run a proxy in a thread with an event loop of its own, so that blocking calls can use it."""
    proxy = Proxy(moto)
    loop = asyncio.new_event_loop()
    started, ended = Event(), asyncio.Event()
    thread = Thread(
        target=lambda: loop.run_until_complete(_serve(proxy, started, ended)), name="proxy"
    )
    thread.start()
    try:
        assert started.wait(LONGEST), "The proxy did not start."
        yield proxy
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(LONGEST)
        loop.close()


async def _serve(proxy: Proxy, started: Event, ended: asyncio.Event) -> None:
    app = web.Application(client_max_size=2**20)
    app.router.add_route("*", "/{path:.*}", proxy.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    proxy.url = f"http://{host}:{port}"
    started.set()
    await ended.wait()
    await runner.cleanup()
