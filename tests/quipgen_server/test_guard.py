"""What a stranger on the open internet may do to the server, over real sockets and real TLS."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession, ClientTimeout, Fingerprint

from quipgen_server import app, guard, serve
from quipgen_server.settings import Settings
from quipgen_server.studio import Studio
from quipgen_server.voices.espeak import EspeakEngine

from .client import TOKEN
from .writers import CorpusWriter

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}


class Public:
    """A running server: how to speak to it well, and how to speak to it badly."""

    def __init__(self, port: int, fingerprint: str) -> None:
        self.port = port
        self._pin = Fingerprint(bytes.fromhex(fingerprint.replace(":", "")))
        # The default context would read all of the world's authorities, for each connection.
        self._trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._trusting.check_hostname = False
        self._trusting.verify_mode = ssl.CERT_NONE

    async def ask(self, method: str, path: str, **options: object) -> tuple[int, dict[str, str]]:
        async with (
            ClientSession(timeout=ClientTimeout(10)) as http,
            http.request(
                method,
                f"https://127.0.0.1:{self.port}{path}",
                ssl=self._pin,
                **options,  # type: ignore[arg-type]
            ) as answer,
        ):
            return answer.status, dict(answer.headers)

    async def is_well(self) -> bool:
        status, _ = await self.ask("GET", "/health/")
        return status == 200

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, ssl=self._trusting)

    async def send(self, sent: bytes) -> bytes:
        """All that is answered until the server hangs up."""
        reader, writer = await self.connect()
        writer.write(sent)
        try:
            return await asyncio.wait_for(reader.read(), 10)
        except ConnectionError:
            return b""
        finally:
            writer.transport.abort()


@asynccontextmanager
async def public(folder: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Public]:
    studio = Studio(CorpusWriter, EspeakEngine())
    running = asyncio.create_task(serve.serve(Settings(port=0, state=folder), TOKEN, studio))
    told = ""
    while "certificate" not in told:
        await asyncio.sleep(0.01)
        told += capsys.readouterr().out
    first, second = told.splitlines()
    yield Public(int(first.rpartition(":")[2]), second.split()[-1])
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> AsyncIterator[Public]:
    async with public(tmp_path, capsys) as running:
        yield running


async def test_no_answer_tells_what_it_runs_on(server: Public) -> None:
    _, headers = await server.ask("GET", "/health/")
    assert headers["Server"] == "quipgen"
    for sent in (
        b"garbage\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n",
    ):
        answer = await server.send(sent)
        assert answer.startswith(b"HTTP/1.")
        assert b"Server: quipgen\r\n" in answer
        assert b'"error": "bad_request"' in answer
        assert b"Python" not in answer


async def test_who_speaks_no_tls_is_hung_up_on(server: Public) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /health/ HTTP/1.1\r\n\r\n")
    assert b"HTTP/1" not in await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert await server.is_well()


async def test_old_tls_is_refused(server: Public) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await asyncio.open_connection("127.0.0.1", server.port, ssl=context)


async def test_a_connection_without_a_request_is_closed(
    server: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "FIRST_REQUEST", 0.2)
    _, writer = await server.connect()
    async with asyncio.timeout(5):
        while not writer.transport.is_closing():
            writer.write(b"x")
            await asyncio.sleep(0.02)
    assert await server.is_well()


async def test_a_second_request_may_not_dawdle_either(
    server: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "NEXT_REQUEST", 0.2)
    answer = await server.send(b"GET /health/ HTTP/1.1\r\nHost: x\r\n\r\nGET /hea")
    assert answer.count(b"HTTP/1.1") == 1
    assert await server.is_well()


async def test_a_body_that_trickles_in_is_given_up(
    server: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "LONGEST_BODY", 0.2)
    head = f"POST /batch/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
    answer = await server.send(f"{head}Content-Length: 1000\r\n\r\n{{".encode())
    assert answer.startswith(b"HTTP/1.1 408")
    assert await server.is_well()


async def test_an_endless_body_is_cut_off(server: Public) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 65536

    try:
        status, _ = await server.ask("POST", "/batch/", data=endless(), headers=AUTHORIZED)
    except ClientError:
        status = 413  # it was cut off before it could hear so
    assert status == 413
    assert await server.is_well()


async def test_a_stranger_is_refused_before_his_body_is_read(server: Public) -> None:
    answer = await server.send(
        b"POST /voices/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n",
    )
    assert answer.startswith(b"HTTP/1.1 401")


async def test_who_does_not_read_the_answer_is_cut_off(
    server: Public, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "UNREAD_ANSWER", 0.3)
    reader, writer = await server.connect()
    request = f"GET /openapi.json HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n\r\n"
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    async with asyncio.timeout(10):
        while not writer.transport.is_closing():
            writer.write(request.encode() * 100)
            await asyncio.sleep(0.01)
    assert await server.is_well()


async def test_there_are_only_so_many_connections_and_room_comes_back(server: Public) -> None:
    crowd = await asyncio.gather(*(server.connect() for _ in range(300)), return_exceptions=True)
    await asyncio.sleep(0.2)
    open_ones = [pair for pair in crowd if isinstance(pair, tuple) and not pair[0].at_eof()]
    assert len(open_ones) <= guard.MOST_CONNECTIONS
    for pair in crowd:
        if isinstance(pair, tuple):
            pair[1].transport.abort()
    await asyncio.sleep(0.2)
    assert await server.is_well()
