"""Is what cannot be done refused, and told as an error of ours?"""

import asyncio
import re
import threading
from typing import Any

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from quipgen_server import app
from quipgen_server.app import LARGEST_BODY, MOST_ARCHIVES, make_app
from quipgen_server.studio import Studio
from quipgen_server.voices.clip import LARGEST as LARGEST_CLIP
from quipgen_server.voices.espeak import EspeakEngine

from .actors import Actor
from .client import TOKEN, Client, an_order
from .conftest import Serve
from .writers import CorpusWriter


@pytest.mark.parametrize(
    "given",
    ["", "Bearer", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer \udcff", "Basic x"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/quip_progress/"),
        ("GET", "/quips/"),
        ("POST", "/batch/"),
        ("POST", "/voices/"),
        ("POST", "/server_dismissed/"),
        ("GET", "/nowhere/"),
    ],
)
async def test_without_the_token_there_is_no_answer(
    client: Client, method: str, path: str, given: str
) -> None:
    answer = await client.http.request(method, path, headers={"Authorization": given})
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert (await answer.json())["error"] == "unauthorized"


@pytest.mark.parametrize("after", ["-1", "x", "", "1.5", "٣", "9" * 5000])
async def test_a_bad_after_is_refused(client: Client, after: str) -> None:
    answer = await client.ask("GET", "/quips/", params={"after": after})
    assert answer.status == 400
    assert "after" in (await answer.json())["message"]


async def test_a_fault_of_ours_in_a_route_is_logged_and_answered_neutrally(
    aiohttp_client: AiohttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(Studio(CorpusWriter, EspeakEngine()), TOKEN)

    async def broken(_: Any) -> Any:
        raise ZeroDivisionError("insides")

    app.router.add_get("/broken/", broken)
    answer = await Client(await aiohttp_client(app)).ask("GET", "/broken/")
    assert answer.status == 500
    assert (await answer.json())["error"] == "internal"
    assert "insides" not in await answer.text()
    assert "insides" in caplog.text


async def test_espeak_cannot_be_cloned(client: Client) -> None:
    answer = await client.ask("POST", "/voices/", data=b"RIFF")
    assert answer.status == 400
    assert (await answer.json())["error"] == "no_cloning_voice"


@pytest.mark.parametrize("path", ["/", "/batch", "/quips/../etc/passwd", "/%00/", "/health"])
async def test_an_unknown_route_is_not_found(client: Client, path: str) -> None:
    answer = await client.ask("GET", path)
    assert answer.status == 404
    assert (await answer.json())["error"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/batch/", "POST"),
        ("PUT", "/quip_progress/", "GET"),
        ("DELETE", "/quips/", "GET"),
        ("GET", "/server_dismissed/", "POST"),
        ("POST", "/health/", "GET"),
    ],
)
async def test_a_wrong_method_is_refused(
    client: Client, method: str, path: str, allowed: str
) -> None:
    answer = await client.ask(method, path)
    assert answer.status == 405
    assert allowed in answer.headers["Allow"]
    assert (await answer.json())["error"] == "method_not_allowed"


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b'{"count": 1e999}', b"NaN"],
)
async def test_what_is_not_an_order_is_refused(client: Client, body: bytes) -> None:
    answer = await client.ask("POST", "/batch/", data=body)
    assert answer.status == 400
    assert (await answer.json())["error"] == "bad_request"
    assert (await client.progress())["stage"] == "idle"


async def test_a_wrong_value_is_named(client: Client) -> None:
    answer = await client.ask("POST", "/batch/", json=an_order(count=0, colour="blue"))
    assert answer.status == 400
    message = (await answer.json())["message"]
    assert "count: must be 1 to 200" in message
    assert "colour: extra keys not allowed" in message


async def test_a_body_over_the_limit_is_refused(client: Client) -> None:
    answer = await client.ask("POST", "/batch/", data=b" " * (LARGEST_BODY + 1))
    assert answer.status == 413
    assert (await answer.json())["error"] == "request_entity_too_large"


async def test_a_body_that_only_claims_to_be_compressed_is_refused(client: Client) -> None:
    answer = await client.http.post(
        "/batch/",
        data=b"no gzip",
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Encoding": "gzip"},
    )
    assert answer.status == 400


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_refused_without_insides(client: Client, sent: bytes) -> None:
    server = client.http.server
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(sent)
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    assert re.match(rb"HTTP/1\.[01] 400", answer)
    assert b"Traceback" not in answer


@pytest.mark.parametrize("clip", [b"", b"RIFF of the door", b"PK\x03\x04"])
async def test_what_is_no_clip_is_refused(aiohttp_client: AiohttpClient, clip: bytes) -> None:
    studio = Studio(CorpusWriter, Actor(["speaks"], clones=True))
    client = Client(await aiohttp_client(make_app(studio, TOKEN)))
    answer = await client.ask("POST", "/voices/", data=clip)
    assert answer.status == 400
    told = await answer.json()
    assert told["error"] == "clip"
    assert "ten seconds" in told["message"]


async def test_a_clip_over_the_limit_is_refused(client: Client) -> None:
    answer = await client.ask("POST", "/voices/", data=bytes(LARGEST_CLIP + 1))
    assert answer.status == 413


async def test_a_crowd_is_served_a_few_at_a_time_and_everybody_in_the_end(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await serve(CorpusWriter())
    packing = threading.Event()
    at_once: list[object] = []

    def pack(quips: object) -> bytes:
        at_once.append(quips)
        packing.wait(10)
        return b""

    monkeypatch.setattr(app, "pack_quips", pack)
    crowd = [asyncio.create_task(client.ask("GET", "/quips/")) for _ in range(100)]
    async with asyncio.timeout(10):
        while len(at_once) < MOST_ARCHIVES:  # noqa: ASYNC110  other threads' doing
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    assert len(at_once) == MOST_ARCHIVES
    packing.set()
    assert [answer.status for answer in await asyncio.gather(*crowd)] == [200] * 100


@pytest.mark.parametrize("count", [0, -1, 10**9, 2.0, True, "3", None])
async def test_a_count_that_is_none_is_refused(client: Client, count: Any) -> None:
    answer = await client.order(count)
    assert answer.status == 400
    assert "count: must be" in (await answer.json())["message"]
