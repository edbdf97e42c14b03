"""The server, as a client that means well finds it."""

import asyncio
import json
import logging
from typing import Any

import pytest
from pytest_aiohttp.plugin import AiohttpClient

import quipgen_server
from quipgen_server.app import make_app
from quipgen_server.errors import ModelError
from quipgen_server.studio import Studio
from quipgen_server.voices.clips import clip_id
from quipgen_server.voices.espeak import EspeakEngine
from quipgen_server.writing import Writer

from .actors import Actor
from .client import PERSONA, TOKEN, Client
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
