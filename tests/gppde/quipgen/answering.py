"""Servers that answer everything in one way."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from custom_components.gppde.quipgen import QuipgenClient

TOKEN = "a-secret-that-nobody-may-see"
ORDER = {
    "count": 3,
    "persona": {"name": "Hinge", "description": "", "tone": "sunny", "voice": ""},
    "avoid": ["Hello."],
}
PROGRESS: dict[str, Any] = {
    "batch": "b-1",
    "stage": "speaking",
    "created": 1,
    "left": 2,
    "total": 3,
    "finished": False,
    "error": None,
}

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
type Connect = Callable[[Answer], Awaitable[QuipgenClient]]
type Call = Callable[[QuipgenClient], Awaitable[Any]]


def says(body: Any, status: int = 200) -> Answer:
    """Return a server that gives one JSON to everybody."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    return answer


def sends(body: bytes, status: int = 200) -> Answer:
    """Return a server that gives the same bytes to everybody."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, status=status)

    return answer
