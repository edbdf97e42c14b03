"""What a client of the server does over HTTP."""

import asyncio
import io
import json
from typing import Any
from zipfile import ZipFile

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

TOKEN = "a-token-for-tests-only"
PERSONA = {"name": "Eddie", "description": "A ship's door.", "tone": "sunny", "voice": "en-us"}
LONGEST_BATCH = 60  # seconds

Http = TestClient[Request, Application]


def an_order(count: int = 3, **changes: Any) -> dict[str, Any]:
    return {"count": count, "persona": PERSONA, "avoid": [], "seed": 7} | changes


class Client:
    """Talks to the server as the integration does."""

    def __init__(self, http: Http, token: str = TOKEN) -> None:
        self.http = http
        self._headers = {"Authorization": f"Bearer {token}"}

    async def ask(self, method: str, path: str, **options: Any) -> ClientResponse:
        return await self.http.request(method, path, headers=self._headers, **options)

    async def order(self, count: int = 3, **changes: Any) -> ClientResponse:
        return await self.ask("POST", "/batch/", json=an_order(count, **changes))

    async def progress(self) -> dict[str, Any]:
        answer = await self.ask("GET", "/quip_progress/")
        assert answer.status == 200
        return dict(await answer.json())

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """The first progress with the values `wanted`."""
        async with asyncio.timeout(LONGEST_BATCH):
            while True:
                progress = await self.progress()
                if wanted.items() <= progress.items():
                    return progress
                await asyncio.sleep(0.01)

    async def quips(self, after: int = 0) -> list[tuple[dict[str, Any], bytes]]:
        """Metadata and mp3 of each quip, in the order made."""
        answer = await self.ask("GET", f"/quips/?after={after}")
        assert (answer.status, answer.content_type) == (200, "application/zip")
        return read_quips(await answer.read())


def read_quips(archive: bytes) -> list[tuple[dict[str, Any], bytes]]:
    with ZipFile(io.BytesIO(archive)) as quips:
        return [_read_quip(name, quips.read(name)) for name in quips.namelist()]


def _read_quip(name: str, archive: bytes) -> tuple[dict[str, Any], bytes]:
    with ZipFile(io.BytesIO(archive)) as quip:
        assert quip.namelist() == ["metadata.json", "quip.mp3"]
        metadata = json.loads(quip.read("metadata.json"))
        assert name == f"quip-{metadata['uuid']}.zip"
        return metadata, quip.read("quip.mp3")
