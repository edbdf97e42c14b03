"""A connection with bounds: how many there are, and how long each may keep us waiting."""

import asyncio
import logging
from http import HTTPStatus
from typing import Any

from aiohttp import web

from .answers import error_answer

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 256
HANDSHAKE = 10.0  # seconds
FIRST_REQUEST = 15.0  # seconds until a connection's first request has begun
NEXT_REQUEST = 15.0
UNREAD_ANSWER = 30.0  # seconds that a client may leave our answer lying
LINGERING = 2.0
END_OF_HEADERS = b"\r\n\r\n"


class Guarded(web.RequestHandler):
    """aiohttp's own bounds begin with the first request, and end where a client stops reading."""

    __slots__ = ("_deadline", "_headers_seen", "_server", "_tail")

    def __init__(self, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=NEXT_REQUEST,
            lingering_time=LINGERING,
            access_log=None,  # type: ignore[arg-type]  # which is how aiohttp is told to log none
        )
        self._server = server
        self._deadline: asyncio.TimerHandle | None = None
        self._headers_seen = False
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if len(self._server.connections) > MOST_CONNECTIONS:
            log.warning("Refused a connection: %d are open", MOST_CONNECTIONS)
            self._abort()
        else:
            self._expect_within(FIRST_REQUEST)

    def data_received(self, data: bytes) -> None:
        if not self._headers_seen:
            seen = self._tail + data
            self._headers_seen = END_OF_HEADERS in seen
            self._tail = seen[1 - len(END_OF_HEADERS) :]
            if self._headers_seen:
                self._relax()
        super().data_received(data)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._expect_within(UNREAD_ANSWER)

    def resume_writing(self) -> None:
        self._relax()
        super().resume_writing()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._relax()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = HTTPStatus.INTERNAL_SERVER_ERROR,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  it quotes what the client sent
    ) -> web.StreamResponse:
        """What is not even HTTP gets an answer like any other."""
        log.info("Not a request, from %s: %s", request.remote, type(exc).__name__)
        answer = error_answer(HTTPStatus(status))
        answer.force_close()
        return answer

    def _expect_within(self, seconds: float) -> None:
        self._relax()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self._abort)

    def _relax(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _abort(self) -> None:
        transport: Any = self.transport
        if transport:
            transport.abort()
