"""Listens until told to stop."""

import asyncio
import signal

from aiohttp import web

from . import __version__
from .app import make_app
from .errors import CommandError
from .studio import Studio

SIGNALS = (signal.SIGINT, signal.SIGTERM)
LONGEST_FAREWELL = 3.0  # seconds for answers that are under way


async def serve(studio: Studio, token: str, host: str, port: int) -> None:
    """Raises CommandError where it cannot listen. Port 0 is one that the system chooses."""
    app = make_app(studio, token)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LONGEST_FAREWELL)
    told_to_stop = _signalled()
    await runner.setup()
    try:
        await _listen(runner, host, port)
        await told_to_stop.wait()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise CommandError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --host or --port.",
        ) from error
    address = f"[{host}]" if ":" in host else host
    port = runner.addresses[0][1]
    print(f"quipgen {__version__} listens on http://{address}:{port}", flush=True)  # noqa: T201


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
