"""What is answered when something is wrong: JSON, and nothing of our insides."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

NAME = "quipgen"  # and not which Python and which libraries run here
ADVICE: Mapping[HTTPStatus, str] = {
    HTTPStatus.BAD_REQUEST: "That is not a request that this server understands.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method.",
    HTTPStatus.REQUEST_TIMEOUT: "The body took too long to arrive.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too much is asked at once. Try again in a second.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The server has a fault; its log tells more.",
}
CODES = {HTTPStatus.INTERNAL_SERVER_ERROR: "internal"}


def error_answer(
    status: HTTPStatus, code: str | None = None, message: str | None = None, **more: str
) -> web.Response:
    """`{"error": code, "message": text}`; both have a default for the status."""
    body = {
        "error": code or CODES.get(status, status.name.lower()),
        "message": message or ADVICE.get(status, status.description),
    }
    return web.json_response(body | more, status=status, headers={"Server": NAME})
