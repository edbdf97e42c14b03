"""The HTTP API: routes, the token, and answers to what is wrong."""

import asyncio
import hmac
import logging
import re
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from . import __version__
from .archive import pack_quips
from .errors import BatchRunningError, OrderError
from .order import parse_order
from .studio import Studio

log = logging.getLogger(__name__)

LARGEST_BODY = 1024**2
HEALTH = "/health/"

ADVICE = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"The body may have {LARGEST_BODY} bytes at most.",
}


class Api:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(HEALTH, self.health),
            web.post("/batch/", self.batch),
            web.get("/quip_progress/", self.progress),
            web.get("/quips/", self.quips),
            web.post("/voices/", self.voices),
            web.post("/server_dismissed/", self.dismissed),
        ]

    async def health(self, _: web.Request) -> web.Response:
        stage = self._studio.progress["stage"]
        return web.json_response({"status": "ok", "version": __version__, "stage": stage})

    async def batch(self, request: web.Request) -> web.Response:
        order = parse_order(await request.read())
        return web.json_response({"batch": self._studio.start(order)}, status=HTTPStatus.ACCEPTED)

    async def progress(self, _: web.Request) -> web.Response:
        return web.json_response(self._studio.progress)

    async def quips(self, request: web.Request) -> web.Response:
        after = _count(request.query.get("after", "0"))
        archive = await asyncio.to_thread(pack_quips, self._studio.quips[after:])
        return web.Response(body=archive, content_type="application/zip")

    async def voices(self, _: web.Request) -> web.Response:
        message = "This server's voice cannot be cloned. Give the persona a voice by its name."
        return _error(HTTPStatus.BAD_REQUEST, "no_cloning_voice", message)

    async def dismissed(self, _: web.Request) -> web.Response:
        self._studio.dismiss()
        return web.json_response({"stage": self._studio.progress["stage"]})

    async def close(self, _: web.Application) -> None:
        await asyncio.to_thread(self._studio.close)


def make_app(studio: Studio, token: str) -> web.Application:
    """Owns `studio`: closes it when the app ends."""
    api = Api(studio)
    app = web.Application(
        middlewares=[errors_as_json, _token_check(token)],
        client_max_size=LARGEST_BODY,
    )
    app.add_routes(api.routes())
    app.on_shutdown.append(api.close)
    return app


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
        answer = _error(HTTPStatus.UNAUTHORIZED, "unauthorized", "The token is missing or wrong.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer

    return check


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except OrderError as error:
        return _error(HTTPStatus.BAD_REQUEST, error.code, str(error))
    except BatchRunningError as error:
        return _error(HTTPStatus.CONFLICT, error.code, str(error), batch=error.batch)
    except (web.RequestPayloadError, ConnectionError):
        return _error(HTTPStatus.BAD_REQUEST, "bad_request", "The body did not arrive whole.")
    except web.HTTPException as error:
        return _http_error(error)
    except Exception:  # the last line of defence: a fault of ours must not show its insides
        log.exception("%s %s broke", request.method, request.path)
        message = "The server has a fault; its log tells more."
        return _error(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", message)


def _http_error(error: web.HTTPException) -> web.Response:
    status = HTTPStatus(error.status)
    answer = _error(status, status.name.lower(), ADVICE.get(status, status.description))
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer


def _error(status: HTTPStatus, code: str, message: str, **more: str) -> web.Response:
    return web.json_response({"error": code, "message": message, **more}, status=status)
