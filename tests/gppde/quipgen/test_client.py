"""The client, against real servers over real sockets: good ones, broken ones, and worse."""

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from custom_components.gppde.quipgen import (
    BadClipError,
    BatchProgress,
    BusyError,
    Health,
    LyingError,
    NoCloningError,
    NotQuipgenError,
    QuipgenClient,
    QuipgenError,
    RejectedError,
    TooLargeError,
    UnauthorizedError,
    UnreachableError,
)
from tests.gppde.clips import WAV, clip_id

from .answering import ORDER, PROGRESS, TOKEN, Call, Connect, says, sends

CALLS: dict[str, Call] = {
    "health": lambda client: client.health(),
    "start_batch": lambda client: client.start_batch(ORDER),
    "progress": lambda client: client.progress(),
    "quips": lambda client: client.quips(2),
    "add_voice": lambda client: client.add_voice(WAV),
    "dismiss": lambda client: client.dismiss(),
}
every_call = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


async def test_each_call_goes_where_the_contract_says(connect: Connect) -> None:
    seen: list[tuple[str, str, Any, str | None]] = []

    async def answer(request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else None
        token = request.headers.get("Authorization")
        seen.append((request.method, request.path_qs, body, token))
        return web.json_response(
            {"status": "ok", "version": "0.1.0"} | PROGRESS, status=202 if body else 200
        )

    client = await connect(answer)
    bearer = f"Bearer {TOKEN}"
    assert await client.health() == Health("0.1.0", "speaking")
    assert await client.start_batch(ORDER) == "b-1"
    assert await client.progress() == BatchProgress(**PROGRESS)
    assert (await client.quips(7)).startswith(b"{")
    await client.dismiss()
    assert seen == [
        ("GET", "/health/", None, None),
        ("POST", "/batch/", ORDER, bearer),
        ("GET", "/quip_progress/", None, bearer),
        ("GET", "/quips/?after=7", None, bearer),
        ("POST", "/server_dismissed/", None, bearer),
    ]


async def test_an_address_may_have_a_path_and_needs_no_slash(
    session: aiohttp.ClientSession, connect: Connect
) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"batch": request.path})

    client = await connect(answer)
    behind_proxy = QuipgenClient(session, f"{client._url}box/quipgen", TOKEN)
    assert await behind_proxy.start_batch(ORDER) == "/box/quipgen/batch/"


async def test_another_kind_of_web_page_is_not_a_quipgen_server(connect: Connect) -> None:
    client = await connect(sends(b"<html>It works!</html>"))
    with pytest.raises(NotQuipgenError):
        await client.health()


@every_call
@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, NotQuipgenError),
        (400, RejectedError),
        (401, UnauthorizedError),
        (403, UnauthorizedError),
        (404, NotQuipgenError),
        (409, BusyError),
        (408, UnreachableError),
        (413, TooLargeError),
        (418, NotQuipgenError),
        (500, UnreachableError),
        (503, UnreachableError),
        (799, UnreachableError),
    ],
)
async def test_each_refusal_is_told_apart(
    connect: Connect, call: Call, status: int, error: type[QuipgenError]
) -> None:
    client = await connect(says({"error": "code", "message": "Because."}, status))
    with pytest.raises(error) as caught:
        await call(client)
    assert type(caught.value) is error
    assert TOKEN not in str(caught.value)


async def test_a_clip_is_sent_as_it_is_and_known_by_what_it_holds(connect: Connect) -> None:
    seen: list[tuple[str, str, str, bytes]] = []
    clip = WAV + bytes(3 * 2**20)

    async def answer(request: web.Request) -> web.Response:
        body = await request.content.read()
        seen.append((request.method, request.path_qs, request.content_type, body))
        return web.json_response({"voice": clip_id(body)})

    client = await connect(answer)
    assert await client.add_voice(clip) == clip_id(clip)
    assert seen == [("POST", "/voices/", "application/octet-stream", clip)]


@pytest.mark.parametrize(
    "answer",
    [{}, {"voice": None}, {"voice": ""}, {"voice": "espeak"}, {"voice": clip_id(b"another")}],
    ids=str,
)
async def test_a_server_that_takes_a_clip_for_something_else_lies(
    connect: Connect, answer: dict[str, Any]
) -> None:
    client = await connect(says(answer))
    with pytest.raises(LyingError):
        await client.add_voice(WAV)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("clip", BadClipError),
        ("no_cloning_voice", NoCloningError),
        ("bad_request", RejectedError),
        (["clip"], RejectedError),
        (None, RejectedError),
    ],
)
async def test_what_a_server_has_against_a_clip_is_told_apart(
    connect: Connect, code: Any, error: type[QuipgenError]
) -> None:
    client = await connect(says({"error": code, "message": "It is noise."}, 400))
    with pytest.raises(error, match="It is noise") as caught:
        await client.add_voice(WAV)
    assert type(caught.value) is error


async def test_a_busy_server_names_its_batch(connect: Connect) -> None:
    client = await connect(says({"error": "x", "message": "Wait.", "batch": "b-7"}, 409))
    with pytest.raises(BusyError) as caught:
        await client.start_batch(ORDER)
    assert caught.value.batch == "b-7"


async def test_a_refusal_is_told_in_the_servers_words_without_control_signs(
    connect: Connect,
) -> None:
    client = await connect(says({"error": "bad", "message": "\x1b[31mcount: too\nmany" * 99}, 400))
    with pytest.raises(RejectedError) as caught:
        await client.start_batch(ORDER)
    assert str(caught.value).startswith("[31mcount: toomany")
    assert len(str(caught.value)) == 500


@pytest.mark.parametrize("status", [400, 404, 409])
async def test_a_refusal_in_no_words_we_know_is_not_a_quipgen_servers(
    connect: Connect, status: int
) -> None:
    client = await connect(sends(b"nope", status))
    with pytest.raises(NotQuipgenError, match=str(status)):
        await client.progress()


@every_call
async def test_a_redirect_is_not_followed(connect: Connect, call: Call) -> None:
    visits: list[str] = []

    async def lure(request: web.Request) -> web.Response:
        visits.append(request.path)
        raise web.HTTPFound("/elsewhere")

    client = await connect(lure)
    with pytest.raises(NotQuipgenError):
        await call(client)
    assert len(visits) == 1


@every_call
async def test_a_server_that_hangs_is_left_in_time(connect: Connect, call: Call) -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(10)
        return web.Response()

    client = await connect(hang)
    with pytest.raises(UnreachableError, match="takes too long"):
        async with asyncio.timeout(2):
            await call(client)


@every_call
async def test_an_endless_answer_is_cut_off(
    connect: Connect, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.gppde.quipgen.client.LARGEST_ARCHIVE", 2**20)

    async def pour(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(2**16))

    client = await connect(pour)
    with pytest.raises((LyingError, NotQuipgenError)):
        await call(client)


async def test_an_answer_that_breaks_off_is_no_answer(connect: Connect) -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b"PK")
        assert request.transport
        request.transport.abort()
        return response

    client = await connect(break_off)
    with pytest.raises(UnreachableError, match="connection broke"):
        await client.quips()


@pytest.mark.parametrize("body", [b"", b"\xff", b"[1]", b"null", b"[" * 60_000, b"9" * 60_000])
async def test_garbage_is_a_lie(connect: Connect, body: bytes) -> None:
    client = await connect(sends(body))
    for call in (client.progress, lambda: client.start_batch(ORDER)):
        with pytest.raises(LyingError):
            await call()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:9", "nothing listens"),
        ("http://127.0.0.1:99999", "not one"),
        ("http://", "not one"),
        ("quipgen", "not one"),
        ("", "not one"),
        ("ftp://127.0.0.1", "not one"),
        ("https://127.0.0.1:9", "nothing listens"),
    ],
)
async def test_an_address_without_a_server_says_what_is_wrong_with_it(
    session: aiohttp.ClientSession, url: str, reason: str
) -> None:
    with pytest.raises(UnreachableError, match=reason):
        await QuipgenClient(session, url, TOKEN).health()


async def test_a_token_that_cannot_be_sent_stays_secret(
    session: aiohttp.ClientSession, connect: Connect
) -> None:
    client = await connect(says(PROGRESS))
    broken = QuipgenClient(session, client._url, f"{TOKEN}\r\nX-Evil: 1")
    with pytest.raises(QuipgenError) as caught:
        await broken.progress()
    assert TOKEN not in str(caught.value)
