"""Does every fault of a server end in words?"""

from contextlib import aclosing

import pytest
from aiohttp import web

from custom_components.gppde.errors import SourceAuthError, SourceError
from custom_components.gppde.sources import Made, Progress
from tests.gppde.helpers import DEAD_URL

from .customer import Customer
from .slow_server import Handler, SlowServer, answers, hang

# --- A busy server ---------------------------------------------------------------------------


async def test_another_batch_is_waited_for(server: SlowServer, customer: Customer) -> None:
    server.busy_for = 3
    await customer.gets(customer.asks(server.url))
    assert customer.progress[:3] == [Progress("busy", 0, 3)] * 3
    assert len(customer.lines) == 3


async def test_a_server_that_stays_busy_is_given_up(server: SlowServer, customer: Customer) -> None:
    server.busy_for = 10**6
    with pytest.raises(SourceError, match="working on another batch"):
        await customer.gets(customer.asks(server.url))


# --- Faults ----------------------------------------------------------------------------------


async def test_a_wrong_token_is_a_matter_for_a_person(
    server: SlowServer, customer: Customer
) -> None:
    with pytest.raises(SourceAuthError) as refused:
        await customer.gets(customer.asks(server.url, token="wrong"))
    assert "wrong" not in str(refused.value)


async def test_a_server_that_is_not_there_is_told(customer: Customer, socket_enabled: None) -> None:
    with pytest.raises(SourceError, match="nothing listens there"):
        await customer.gets(customer.asks(DEAD_URL))


async def test_a_server_of_another_version_is_not_asked_for_anything(
    server: SlowServer, customer: Customer
) -> None:
    body = b'{"status": "ok", "version": "7.0.0", "stage": "idle"}'
    server.faults["/health/"] = answers(body=body)
    with pytest.raises(SourceError, match="does not fit"):
        await customer.gets(customer.asks(server.url))
    assert server.orders == []
    assert customer.tickets == []


@pytest.mark.parametrize("path", ["/health/", "/batch/", "/quip_progress/", "/quips/"])
@pytest.mark.parametrize(
    "fault",
    [answers(500), answers(404), answers(302), answers(body=b"\x00garbage"), hang],
    ids=["fault", "elsewhere", "redirect", "garbage", "hangs"],
)
async def test_every_fault_at_every_call_ends_in_words(
    server: SlowServer, customer: Customer, path: str, fault: Handler
) -> None:
    server.faults[path] = fault
    with pytest.raises(SourceError) as told:
        await customer.gets(customer.asks(server.url))
    assert str(told.value)
    assert customer.lines == []


async def test_a_server_that_dies_in_the_middle_takes_nothing_with_it(
    server: SlowServer, customer: Customer
) -> None:
    with pytest.raises(SourceError):  # noqa: PT012  it dies while it is listened to
        async for event in customer.asks(server.url):
            customer.events.append(event)
            if isinstance(event, Made):
                await server.stop()
    assert customer.lines == ["Line 0."]
    assert customer.tickets[-1]["collected"] == 1


async def test_a_batch_that_somebody_else_replaced_is_over(
    server: SlowServer, customer: Customer
) -> None:
    with pytest.raises(SourceError, match="no longer knows"):  # noqa: PT012
        async for event in customer.asks(server.url):
            customer.events.append(event)
            if isinstance(event, Made):
                server.batch = "theirs"
    assert customer.lines == ["Line 0."]


async def test_quips_that_were_announced_but_never_come_are_only_talk(
    server: SlowServer, customer: Customer
) -> None:
    async def nothing(_: web.Request) -> web.Response:
        return web.Response(body=b"PK\x05\x06" + bytes(18))

    server.faults["/quips/"] = nothing
    async with aclosing(customer.asks(server.url)) as events:
        for _ in range(10):
            assert isinstance(await anext(events), Progress)
