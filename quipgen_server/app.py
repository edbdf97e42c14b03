"""The HTTP API: routes, the token, and answers to what is wrong."""

import asyncio
import hmac
import logging
import re
from collections.abc import Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from . import __version__
from .answers import NAME, error_answer
from .archive import pack_quips
from .errors import (
    BatchRunningError,
    ClipError,
    NoCloningError,
    OrderError,
)
from .openapi import DOCUMENT
from .order import parse_order
from .studio import Studio
from .voices.clip import LARGEST as LARGEST_CLIP

log = logging.getLogger(__name__)

LARGEST_BODY = 1024**2
LONGEST_BODY = 30.0  # seconds until it has arrived
MOST_ARCHIVES = 4  # packed or sent at once; who comes next waits
MOST_CLIPS = 1  # decoded at once
HEALTH = "/health/"


class Api:
    def __init__(self, studio: Studio, on_dismissed: Callable[[], None] | None) -> None:
        self._studio = studio
        self._on_dismissed = on_dismissed
        self._archives = asyncio.Semaphore(MOST_ARCHIVES)
        self._clips = asyncio.Semaphore(MOST_CLIPS)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(HEALTH, self.health, allow_head=False),
            web.post("/batch/", self.batch),
            web.get("/quip_progress/", self.progress, allow_head=False),
            web.get("/quips/", self.quips, allow_head=False),
            web.post("/voices/", self.voices),
            web.post("/server_dismissed/", self.dismissed),
            web.get("/openapi.json", self.openapi, allow_head=False),
        ]

    async def health(self, _: web.Request) -> web.Response:
        stage = self._studio.progress["stage"]
        return web.json_response({"status": "ok", "version": __version__, "stage": stage})

    async def batch(self, request: web.Request) -> web.Response:
        order = parse_order(await _body(request, LARGEST_BODY))
        return web.json_response({"batch": self._studio.start(order)}, status=HTTPStatus.ACCEPTED)

    async def progress(self, _: web.Request) -> web.Response:
        return web.json_response(self._studio.progress)

    async def quips(self, request: web.Request) -> web.StreamResponse:
        after = _count(request.query.get("after", "0"))
        async with self._archives:
            archive = await asyncio.to_thread(pack_quips, self._studio.quips(after))
            answer = web.Response(body=archive, content_type="application/zip")
            await answer.prepare(request)
            await answer.write_eof()
        return answer

    async def voices(self, request: web.Request) -> web.Response:
        async with self._clips:
            clip = await _body(request, LARGEST_CLIP)
            return web.json_response(
                {"voice": await asyncio.to_thread(self._studio.add_clip, clip)}
            )

    async def dismissed(self, _: web.Request) -> web.Response:
        self._studio.dismiss()
        if self._on_dismissed:
            self._on_dismissed()
        return web.json_response({"stage": self._studio.progress["stage"]})

    async def openapi(self, _: web.Request) -> web.Response:
        return web.json_response(DOCUMENT)

    async def close(self, _: web.Application) -> None:
        self._studio.close()


def make_app(
    studio: Studio, token: str, on_dismissed: Callable[[], None] | None = None
) -> web.Application:
    """Owns `studio`: closes it when the app ends."""
    api = Api(studio, on_dismissed)
    app = web.Application(middlewares=[errors_as_json, _token_check(token)])
    app.add_routes(api.routes())
    app.on_response_prepare.append(_tell_name_only)
    app.on_shutdown.append(api.close)
    return app


async def _tell_name_only(_: web.Request, answer: web.StreamResponse) -> None:
    answer.headers["Server"] = NAME


async def _body(request: web.Request, largest: int) -> bytes:
    """Whole, and not too long in coming; the token was checked before a byte of it is read."""
    body = bytearray()
    try:
        async with asyncio.timeout(LONGEST_BODY):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > largest:
                    told = f"The body may have {largest} bytes at most."
                    raise web.HTTPRequestEntityTooLarge(largest, text=told)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    return bytes(body)


def _count(text: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", text):
        raise OrderError("after: must be a whole number, 0 or more")
    return int(text)


def _token_check(token: str) -> Middleware:
    expected = f"Bearer {token}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        if request.path == HEALTH or hmac.compare_digest(given, expected):
            return await handler(request)
        message = "The token is missing or wrong."
        answer = error_answer(HTTPStatus.UNAUTHORIZED, message=message)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    return check


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except (OrderError, ClipError, NoCloningError) as error:
        return error_answer(HTTPStatus.BAD_REQUEST, error.code, str(error))
    except BatchRunningError as error:
        return error_answer(HTTPStatus.CONFLICT, error.code, str(error), batch=error.batch)
    except (web.RequestPayloadError, ConnectionError):
        message = "The body did not arrive whole."
        return error_answer(HTTPStatus.BAD_REQUEST, message=message)
    except web.HTTPException as error:
        return _http_error(error)
    except Exception:  # the last line of defence: a fault of ours must not show its insides
        log.exception("%s %s broke", request.method, request.path)
        return error_answer(HTTPStatus.INTERNAL_SERVER_ERROR)


def _http_error(error: web.HTTPException) -> web.Response:
    too_large = isinstance(error, web.HTTPRequestEntityTooLarge)
    answer = error_answer(HTTPStatus(error.status), message=error.text if too_large else None)
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
