"""Listens until told to stop, or until its lifetime is over."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from ssl import SSLContext
from typing import Any, Protocol, cast

from aiohttp import web

from . import __version__
from .app import make_app
from .errors import CommandError
from .guard import HANDSHAKE, Guarded
from .lifetime import Lifetime, end_machine
from .order import Order
from .settings import Settings
from .studio import Studio
from .tls import Secured, secure

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)
RUNNING_QUIP = 6.0  # seconds for the quip that is being made
COLLECTING = 1.5  # seconds for clients to fetch the last of them; they ask each second
FAREWELL = 1.0  # seconds for answers that are under way
LAST_RESORT = 9.5  # seconds after which the process is ended as it is
LOOK = 0.05  # seconds
MINUTE = 60


class OnEnd(Protocol):
    def __call__(self, *, over: bool) -> None: ...


def run(settings: Settings, token: str, studio: Studio, order: Order | None = None) -> None:
    """Serves, and ends the machine if its time was over. Raises CommandError."""

    def end_machine_if_ours() -> None:
        if settings.own_machine and settings.end_command:
            end_machine(settings.end_command)

    def last_resort(*, over: bool) -> None:
        """A model that is being loaded hears nothing, and whoever stops us counts to ten."""
        if over:
            end_machine_if_ours()
        os._exit(1)

    def on_end(*, over: bool) -> None:
        timer = threading.Timer(LAST_RESORT, last_resort, kwargs={"over": over})
        timer.daemon = True
        timer.start()

    if asyncio.run(serve(settings, token, studio, order, on_end)):
        end_machine_if_ours()


async def serve(
    settings: Settings,
    token: str,
    studio: Studio,
    order: Order | None = None,
    on_end: OnEnd = lambda **_: None,
) -> bool:
    """Whether its lifetime was over, rather than that it was told to stop. Begins with `order`.
    Port 0 is one that the system chooses. Raises CommandError where it cannot listen.
    """
    secured = secure(settings)
    lifetime = _lifetime(settings, studio)
    app = make_app(studio, token, on_dismissed=lifetime.dismiss if lifetime else None)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=FAREWELL)
    told_to_stop = _signalled()
    await runner.setup()
    try:
        listener = await _bound(runner, settings, secured and secured.context)
        if order:
            studio.start(order)  # before anybody else can order
        await _accept(listener, settings)
        _introduce(settings.host, listener, secured)
        over = await _until(told_to_stop, lifetime)
        on_end(over=over)
        await _finish(studio)
        listener.close()
    finally:
        await runner.cleanup()
    return over


def _lifetime(settings: Settings, studio: Studio) -> Lifetime | None:
    if not settings.own_machine:
        return None
    return Lifetime(
        settings.boot_minutes * MINUTE,
        settings.idle_minutes * MINUTE,
        lambda: bool(studio.progress["finished"]),
    )


async def _bound(
    runner: web.AppRunner, settings: Settings, context: SSLContext | None
) -> asyncio.Server:
    server = cast("web.Server", runner.server)  # which its setup made
    try:
        return await asyncio.get_running_loop().create_server(
            lambda: Guarded(server),
            settings.host,
            settings.port,
            ssl=context,
            ssl_handshake_timeout=HANDSHAKE if context else None,
            start_serving=False,
        )
    except OSError as error:
        raise _taken(settings, error) from error


async def _accept(listener: asyncio.Server, settings: Settings) -> None:
    try:
        await listener.start_serving()
    except OSError as error:
        raise _taken(settings, error) from error


def _taken(settings: Settings, error: OSError) -> CommandError:
    return CommandError(
        f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}. "
        "Choose another --host or --port.",
    )


def _introduce(host: str, listener: asyncio.Server, secured: Secured | None) -> None:
    port = listener.sockets[0].getsockname()[1]
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    scheme = "https" if secured else "http"
    print(f"quipgen {__version__} listens on {scheme}://{address}", flush=True)  # noqa: T201
    if secured:
        print(f"certificate sha256 {secured.fingerprint}", flush=True)  # noqa: T201


async def _until(told_to_stop: asyncio.Event, lifetime: Lifetime | None) -> bool:
    """Whether it is the lifetime that is over."""
    stop = asyncio.create_task(told_to_stop.wait())
    waits: set[asyncio.Task[Any]] = {stop}
    if lifetime:
        waits.add(asyncio.create_task(lifetime.ended()))
    done, pending = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in pending:
        wait.cancel()
    if stop in done:
        return False
    log.info("%s: the server ends", done.pop().result())
    return True


async def _finish(studio: Studio) -> None:
    """Lets the running quip end, and those who collect have it."""
    studio.finish()
    await _patiently(lambda: studio.is_over, RUNNING_QUIP)
    await _patiently(lambda: studio.is_collected, COLLECTING)


async def _patiently(is_done: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_done() and time.monotonic() < end:  # noqa: ASYNC110  another thread's doing
        await asyncio.sleep(LOOK)


def _signalled() -> asyncio.Event:
    """Set by the first signal; a second one ends the process as if nobody listened."""
    event = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told_to_stop() -> None:
        event.set()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    for number in SIGNALS:
        loop.add_signal_handler(number, told_to_stop)
    return event
