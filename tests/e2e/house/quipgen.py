"""A quipgen server on loopback, as its own command starts it."""

import re
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .client import Client, Json
from .flows import add_source
from .places import QUIPGEN
from .process import Child
from .waiting import until

INTRODUCTION = re.compile(r"(https://[\w.]+:\d+)\s+certificate sha256 ([\dA-F:]+)\n")


@dataclass(frozen=True, slots=True)
class Quipgen:
    """Where the server listens, the certificate it shows, and what it wants to hear."""

    url: str
    fingerprint: str
    token: str = field(repr=False)
    environment: Mapping[str, str] = field(default_factory=dict)
    patience: float = 90
    leftovers: Sequence[str] = ()

    async def add(self, client: Client) -> Json:
        """Add GPPDE with this server; raises RefusedError."""
        server = {"url": self.url, "token": self.token}
        return await add_source(client, server, self.fingerprint)


@asynccontextmanager
async def run(folder: Path) -> AsyncGenerator[Quipgen]:
    """Run `quipgen serve` on a free port."""
    token = secrets.token_urlsafe(16)
    server = Child(
        "The quipgen server",
        [QUIPGEN, "serve", "--port", "0", "--state", folder / "quipgen"],
        folder / "quipgen.log",
        {"QUIPGEN_TOKEN": token, "PYTHONUNBUFFERED": "1"},
    )

    async def introduced() -> list[tuple[str, str]]:
        return INTRODUCTION.findall(server.log.read_text(errors="replace"))

    async with server:
        [told] = await until("The quipgen server's address", 60, introduced, server.check)
        yield Quipgen(*told, token)
