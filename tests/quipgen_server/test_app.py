import asyncio
import json
import logging
import re
import threading
from typing import Any

import pytest
from pytest_aiohttp.plugin import AiohttpClient

import quipgen_server
from quipgen_server import app
from quipgen_server.app import LARGEST_BODY, MOST_ARCHIVES, make_app
from quipgen_server.errors import ModelError
from quipgen_server.studio import Studio
from quipgen_server.voices.clip import LARGEST as LARGEST_CLIP
from quipgen_server.voices.clips import clip_id
from quipgen_server.voices.espeak import EspeakEngine
from quipgen_server.writing import Writer

from .actors import Actor
from .client import PERSONA, TOKEN, Client, an_order
from .conftest import Serve
from .sound import a_clip, tags
from .writers import CorpusWriter, NoiseWriter, SlowWriter


async def test_health_needs_no_token_and_tells_little(serve: Serve) -> None:
    stranger = Client((await serve(CorpusWriter())).http, token="")
    answer = await stranger.ask("GET", "/health/")
    assert await answer.json() == {
        "status": "ok",
        "version": quipgen_server.__version__,
        "stage": "idle",
    }


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


async def test_before_any_batch_the_server_is_idle(client: Client) -> None:
    assert await client.progress() == {
        "batch": None,
        "stage": "idle",
        "created": 0,
        "left": 0,
        "total": 0,
        "finished": False,
        "error": None,
    }
    assert await client.quips() == []


async def test_a_batch_makes_what_was_ordered(client: Client) -> None:
    answer = await client.order(5)
    assert answer.status == 202
    batch = (await answer.json())["batch"]

    progress = await client.until(finished=True)

    assert progress == {
        "batch": batch,
        "stage": "finished",
        "created": 5,
        "left": 0,
        "total": 5,
        "finished": True,
        "error": None,
    }
    quips = await client.quips()
    assert len({metadata["text"] for metadata, _ in quips}) == 5
    assert len({metadata["uuid"] for metadata, _ in quips}) == 5


async def test_metadata_tells_how_a_quip_was_made(client: Client) -> None:
    await client.order(1)
    await client.until(finished=True)
    [(metadata, mp3)] = await client.quips()
    assert set(metadata) == {
        "format", "uuid", "text", "persona", "tone", "mood", "model", "voice", "duration",
        "loudness", "created", "seed",
    }  # fmt: skip
    assert metadata["format"] == 1
    assert (metadata["persona"], metadata["tone"], metadata["seed"]) == ("Eddie", "sunny", 7)
    assert (metadata["model"], metadata["voice"]) == ("corpus", "espeak-ng en-us")
    assert 0.2 <= metadata["mood"] <= 1
    assert 0.5 < metadata["duration"] < 15
    assert metadata["loudness"] == pytest.approx(-18, abs=1)
    assert metadata["created"].endswith("Z")
    assert mp3.startswith(b"ID3")


async def test_after_leaves_out_what_was_collected(client: Client) -> None:
    await client.order(4)
    await client.until(finished=True)
    every = await client.quips()
    assert await client.quips(after=1) == every[1:]
    assert await client.quips(after=4) == []
    assert await client.quips(after=999_999_999) == []


@pytest.mark.parametrize("after", ["-1", "x", "", "1.5", "٣", "9" * 5000])
async def test_a_bad_after_is_refused(client: Client, after: str) -> None:
    answer = await client.ask("GET", "/quips/", params={"after": after})
    assert answer.status == 400
    assert "after" in (await answer.json())["message"]


async def test_a_quip_can_be_collected_while_the_batch_runs(serve: Serve) -> None:
    client = await serve(CorpusWriter())
    await client.order(12)
    collected: list[Any] = []
    seen: list[int] = []
    while True:
        progress = await client.progress()
        assert progress["created"] + progress["left"] == progress["total"] == 12
        seen.append(progress["created"])
        collected += await client.quips(after=len(collected))
        assert len(collected) >= progress["created"]
        if progress["finished"]:
            break
    assert seen == sorted(seen)
    assert any(0 < created < 12 for created in seen)
    assert collected == await client.quips()


async def test_a_second_batch_is_refused_while_one_runs(serve: Serve) -> None:
    writer = SlowWriter()
    client = await serve(writer)
    first = (await (await client.order()).json())["batch"]

    refused = await client.order()

    assert refused.status == 409
    answer = await refused.json()
    assert (answer["error"], answer["batch"]) == ("batch_running", first)
    writer.go.set()
    assert (await client.until(finished=True))["batch"] == first


async def test_a_finished_batch_is_replaced_by_the_next(client: Client) -> None:
    await client.order(2)
    first = await client.until(finished=True)
    old = await client.quips()

    await client.order(1, seed=8)
    second = await client.until(finished=True, total=1)

    assert second["batch"] != first["batch"]
    [(metadata, _)] = await client.quips()
    assert metadata["uuid"] not in [quip["uuid"] for quip, _ in old]


async def test_lines_to_avoid_are_not_said(client: Client) -> None:
    await client.order(8)
    await client.until(finished=True)
    said = [metadata["text"] for metadata, _ in await client.quips()]

    await client.order(8, avoid=[text.upper() for text in said])
    await client.until(finished=True, created=8)

    assert not {metadata["text"] for metadata, _ in await client.quips()} & set(said)


async def test_a_dismissed_server_forgets_its_batch_and_takes_the_next(serve: Serve) -> None:
    writer = SlowWriter()
    client = await serve(writer)
    await client.order()
    await client.until(stage="writing")

    answer = await client.ask("POST", "/server_dismissed/")

    assert (answer.status, await answer.json()) == (200, {"stage": "idle"})
    assert (await client.progress())["batch"] is None
    writer.go.set()
    assert (await client.order(1)).status == 202
    assert (await client.until(finished=True))["created"] == 1


async def test_dismissal_in_the_middle_of_speaking_stops_at_once(client: Client) -> None:
    await client.order(80)
    await client.until(stage="speaking")
    await client.ask("POST", "/server_dismissed/")
    async with asyncio.timeout(5):
        await client.order(1)
        assert (await client.until(finished=True))["created"] == 1


async def test_dismissing_an_idle_server_is_no_fault(client: Client) -> None:
    assert (await client.ask("POST", "/server_dismissed/")).status == 200


async def test_a_batch_that_ends_short_says_so(serve: Serve) -> None:
    client = await serve(NoiseWriter())
    await client.order(2)
    progress = await client.until(finished=True)
    assert (progress["stage"], progress["created"], progress["left"]) == ("failed", 0, 0)
    assert progress["error"]["error"] == "too_few"
    assert "0 of 2 quips" in progress["error"]["message"]


async def test_an_unknown_voice_fails_the_batch_and_says_what_to_do(client: Client) -> None:
    await client.order(persona=PERSONA | {"voice": "xx-nowhere"})
    progress = await client.until(finished=True)
    assert (progress["stage"], progress["error"]["error"]) == ("failed", "voice")
    assert "quipgen voices" in progress["error"]["message"]


async def test_a_model_that_cannot_be_loaded_fails_the_batch_and_is_tried_again(
    aiohttp_client: AiohttpClient,
) -> None:
    writers: list[Writer] = []

    def load() -> Writer:
        if not writers:
            raise ModelError("There is no language model. Make one.")
        return writers[0]

    client = Client(await aiohttp_client(make_app(Studio(load, EspeakEngine()), TOKEN)))
    await client.order(1)
    progress = await client.until(finished=True)
    assert progress["error"] == {
        "error": "model",
        "message": "There is no language model. Make one.",
    }

    writers.append(CorpusWriter())
    await client.order(1)
    assert (await client.until(finished=True, error=None))["created"] == 1


async def test_a_fault_of_ours_ends_the_batch_and_keeps_its_insides(
    aiohttp_client: AiohttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    def load() -> Writer:
        raise ZeroDivisionError("insides")

    client = Client(await aiohttp_client(make_app(Studio(load, EspeakEngine()), TOKEN)))
    await client.order(1)
    progress = await client.until(finished=True)
    assert progress["stage"] == "failed"
    assert "insides" not in json.dumps(progress)
    assert "insides" in caplog.text


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


async def test_the_log_never_holds_the_token(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        await client.order(1)
        await client.until(finished=True)
        await client.ask("GET", "/nowhere/")
    assert "1 of 1" in caplog.text
    assert TOKEN not in caplog.text


async def test_a_clip_becomes_a_voice_and_its_batch_may_wait_for_it(
    aiohttp_client: AiohttpClient,
) -> None:
    actor = Actor(["speaks"], clones=True)
    client = Client(await aiohttp_client(make_app(Studio(CorpusWriter, actor), TOKEN)))
    clip = a_clip()
    await client.order(2, persona=PERSONA | {"voice": clip_id(clip)})
    await client.until(stage="writing")
    assert actor.clips == []

    answer = await client.ask("POST", "/voices/", data=clip)

    assert (answer.status, await answer.json()) == (200, {"voice": clip_id(clip)})
    assert (await client.until(finished=True, error=None))["created"] == 2
    assert [heard and heard.rate for heard in actor.clips] == [24_000]


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


@pytest.mark.parametrize(
    "name",
    [
        "\u0414\u0432\u0435\u0440\u044c",
        "\u6249",
        "\u05d3\u05dc\u05ea",
        "\U0001f6aa",
        "\u0e1b\u0e23\u0e30\u0e15\u0e39",
    ],
)
async def test_a_persona_may_have_a_name_in_any_script(client: Client, name: str) -> None:
    await client.order(1, persona=PERSONA | {"name": name}, avoid=[name * 9])
    await client.until(finished=True, error=None)
    [(metadata, mp3)] = await client.quips()
    assert metadata["persona"] == tags(mp3)["artist"] == name


async def test_two_clients_collect_the_same_at_once(client: Client) -> None:
    await client.order(6)
    await client.until(finished=True)
    one, other = await asyncio.gather(client.quips(), client.quips())
    assert one == other
    assert len(one) == 6
