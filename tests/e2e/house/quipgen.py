"""A quipgen server on loopback, as its own command starts it."""

import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .places import QUIPGEN
from .process import Child
from .waiting import until

ADDRESS = re.compile(r"https?://[\w.]+:\d+")


@dataclass(frozen=True, slots=True)
class Quipgen:
    """Where the server listens, and what it wants to hear."""

    url: str
    token: str = field(repr=False)


@asynccontextmanager
async def run(folder: Path) -> AsyncGenerator[Quipgen]:
    """Run `quipgen serve` on a free port."""
    token = secrets.token_urlsafe(16)
    server = Child(
        "The quipgen server",
        [QUIPGEN, "serve", "--port", "0"],
        folder / "quipgen.log",
        {"QUIPGEN_TOKEN": token, "PYTHONUNBUFFERED": "1"},
    )

    async def address() -> str:
        found = ADDRESS.search(server.log.read_text(errors="replace"))
        return found[0] if found else ""

    async with server:
        yield Quipgen(await until("The quipgen server's address", 60, address, server.check), token)
