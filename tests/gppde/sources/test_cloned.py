"""Does a batch wait for the clip to speak like, and never for one that does not come?"""

import pytest
from aiohttp import web

from custom_components.gppde.errors import (
    ClipMissingError,
    ClipRefusedError,
    CloningError,
    GppdeError,
    SourceAuthError,
    SourceError,
)
from tests.gppde.clips import WAV, clip_id

from .customer import Customer
from .slow_server import Handler, SlowServer, answers, hang


async def the_clip() -> bytes:
    return WAV


async def no_clip_left() -> bytes:
    raise ClipMissingError("It is gone.")


async def test_a_clip_is_sent_once_and_then_named_as_the_voice(
    server: SlowServer, customer: Customer
) -> None:
    server.busy_for = 3
    await customer.gets(customer.asks(server.url, clip=the_clip))
    assert len(customer.lines) == 3
    assert server.clips == [WAV]
    assert [order["persona"]["voice"] for order in server.orders] == [clip_id(WAV)]


async def test_without_a_clip_the_voice_is_the_personas(
    server: SlowServer, customer: Customer
) -> None:
    await customer.gets(customer.asks(server.url))
    assert server.clips == []
    assert server.orders[0]["persona"]["voice"] == "espeak"


async def test_the_rest_of_a_batch_is_collected_though_the_clip_is_gone(
    server: SlowServer, customer: Customer
) -> None:
    await customer.gets_quips(customer.asks(server.url, clip=the_clip), 1)
    resumed = customer.asks(server.url, 2, customer.tickets[-1], clip=no_clip_left)
    await customer.gets(resumed)
    assert {"Line 1.", "Line 2."} <= set(customer.lines)
    assert server.clips == [WAV]


def refuses(code: str, status: int = 400) -> Handler:
    async def handler(_: web.Request) -> web.Response:
        return web.json_response({"error": code, "message": "No."}, status=status)

    return handler


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (refuses("clip"), ClipRefusedError),
        (refuses("request_entity_too_large", 413), ClipRefusedError),
        (refuses("no_cloning_voice"), CloningError),
        (refuses("service_unavailable", 503), SourceError),
        (refuses("request_timeout", 408), SourceError),
        (answers(401), SourceAuthError),
        (answers(body=b"\x00garbage"), SourceError),
        (answers(body=b'{"voice": "another"}'), SourceError),
        (hang, SourceError),
    ],
)
async def test_no_batch_is_begun_whose_clip_did_not_arrive(
    server: SlowServer, customer: Customer, fault: Handler, error: type[GppdeError]
) -> None:
    server.faults["/voices/"] = fault
    with pytest.raises(error) as told:
        await customer.gets(customer.asks(server.url, clip=the_clip))
    assert str(told.value)
    assert server.orders == []
    assert customer.tickets == []


async def test_no_batch_is_begun_whose_clip_is_gone(server: SlowServer, customer: Customer) -> None:
    with pytest.raises(ClipMissingError):
        await customer.gets(customer.asks(server.url, clip=no_clip_left))
    assert server.orders == []
