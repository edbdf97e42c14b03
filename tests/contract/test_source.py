"""Does the source get its quips from a real server, its built-in model and its real voice?"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import SourceAuthError, SourceError
from custom_components.gppde.quipgen import QuipgenClient
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.sources import (
    Brief,
    Event,
    Made,
    Order,
    Progress,
    Ticket,
    following,
)
from custom_components.gppde.sources import server as server_source
from custom_components.gppde.sources.server import ServerSource

from .serving import Connect, Serving, quipgen_serving

LONGEST_ORDER = 120
HINGE = Brief(name="Hinge", description="A cheerful door.", tone=Tone.COMICAL, voice="")


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL", 0.05)
    monkeypatch.setattr(server_source, "BUSY_POLL", 2)


class Customer:
    """Orders quips and remembers the last ticket."""

    def __init__(self) -> None:
        self.ticket: Ticket | None = None

    async def keep(self, ticket: Ticket) -> None:
        self.ticket = ticket

    def asks(
        self,
        client: QuipgenClient,
        count: int,
        brief: Brief = HINGE,
        avoid: list[str] | None = None,
    ) -> AsyncGenerator[Event]:
        order = Order(brief=brief, count=count, avoid=avoid or [])
        return ServerSource(client).make(order, self.ticket, self.keep)


async def all_of(events: AsyncGenerator[Event]) -> list[Event]:
    async with asyncio.timeout(LONGEST_ORDER):
        return [event async for event in events]


async def first_of(events: AsyncGenerator[Event]) -> str:
    """Return the first line, and ask for no more."""
    async with asyncio.timeout(LONGEST_ORDER), aclosing(events):
        async for event in events:
            if isinstance(event, Made):
                return event.quip.text
    raise AssertionError("There was none.")


def lines(events: list[Event]) -> list[str]:
    return [event.quip.text for event in events if isinstance(event, Made)]


def progress_of(events: list[Event]) -> list[Progress]:
    return [event for event in events if isinstance(event, Progress)]


@pytest.mark.parametrize("tone", Tone)
async def test_every_tone_yields_as_many_different_lines_as_were_ordered(
    client: QuipgenClient, tone: Tone
) -> None:
    brief = Brief(name="Hinge", description="", tone=tone, voice="")
    events = await all_of(Customer().asks(client, 4, brief))
    assert not [event for event in events if isinstance(event, Dropped)]
    assert len(set(lines(events))) == 4
    assert progress_of(events)[-1] == Progress("finished", 4, 4)


async def test_quips_come_while_the_batch_still_runs(client: QuipgenClient) -> None:
    events = await all_of(Customer().asks(client, 6))
    first = next(n for n, event in enumerate(events) if isinstance(event, Made))
    later = [progress.stage for progress in progress_of(events[first:])]
    assert "speaking" in later
    assert later[-1] == "finished"


async def test_nothing_that_was_said_before_is_said_again(client: QuipgenClient) -> None:
    said = lines(await all_of(Customer().asks(client, 5)))
    assert not {*said} & {*lines(await all_of(Customer().asks(client, 5, avoid=said)))}


async def test_after_a_crash_the_rest_of_the_same_batch_is_collected(
    client: QuipgenClient,
) -> None:
    customer = Customer()
    first = await first_of(customer.asks(client, 5))
    batch = (await client.progress()).batch
    rest = lines(await all_of(customer.asks(client, 5)))
    assert (await client.progress()).batch == batch
    assert len({first, *rest}) == 5


async def test_a_batch_whose_start_was_forgotten_in_a_crash_is_found_again(
    client: QuipgenClient,
) -> None:
    customer = Customer()
    await first_of(customer.asks(client, 3))
    assert customer.ticket
    customer.ticket |= {"batch": None, "collected": 0}
    batch = (await client.progress()).batch
    assert len(lines(await all_of(customer.asks(client, 3)))) == 3
    assert (await client.progress()).batch == batch


async def test_somebody_elses_batch_is_waited_for(client: QuipgenClient) -> None:
    theirs = Brief(name="Latch", description="", tone=Tone.SOMBRE, voice="")
    await first_of(Customer().asks(client, 12, theirs))
    events = await all_of(Customer().asks(client, 2))
    assert events[0] == Progress("busy", 0, 2)
    assert len(lines(events)) == 2


async def test_a_wrong_token_is_a_matter_for_a_person(connect: Connect, serving: Serving) -> None:
    with pytest.raises(SourceAuthError):
        await all_of(Customer().asks(connect(serving, "a wrong token, long enough"), 1))


async def test_a_voice_that_does_not_exist_is_told(client: QuipgenClient) -> None:
    nobody = Brief(name="Hinge", description="", tone=Tone.SUNNY, voice="klingon-opera")
    events = await all_of(Customer().asks(client, 1, nobody))
    assert lines(events) == []
    assert "klingon-opera" in str(progress_of(events)[-1].trouble)


async def test_an_order_outlives_the_server_that_made_it(
    connect: Connect, client: QuipgenClient, tmp_path: Path
) -> None:
    """One is killed in the middle; the next one makes what is missing."""
    customer = Customer()
    with quipgen_serving(tmp_path) as mortal:
        events = customer.asks(connect(mortal), 20)
        async with asyncio.timeout(LONGEST_ORDER):
            await anext(event async for event in events if isinstance(event, Made))
        mortal.process.kill()
        with pytest.raises(SourceError):
            await all_of(events)
    assert customer.ticket
    assert len(lines(await all_of(customer.asks(client, 2)))) == 2
