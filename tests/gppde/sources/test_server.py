"""Are quips collected from a running server, whatever it does?"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import pytest
from aiohttp import ClientSession, web

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import (
    ClipMissingError,
    ClipRefusedError,
    CloningError,
    GppdeError,
    SourceAuthError,
    SourceError,
)
from custom_components.gppde.quipgen import QuipgenClient
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.sources import (
    Brief,
    Made,
    Order,
    Progress,
    ReadClip,
    Ticket,
    following,
    no_clip,
)
from custom_components.gppde.sources import server as server_source
from custom_components.gppde.sources.server import ServerSource
from tests.gppde.clips import WAV, clip_id
from tests.gppde.helpers import DEAD_URL, TOKEN

from .slow_server import Handler, SlowServer, slow_server_running

HINGE = Brief(name="Hinge", description="A cheerful door.", tone=Tone.SUNNY, voice="espeak")

type Events = AsyncGenerator[Made | Dropped | Progress]


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL", 0.001)
    monkeypatch.setattr(server_source, "BUSY_POLL", 0.001)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[SlowServer]:
    async with slow_server_running() as server:
        yield server


class Customer:
    """Orders from a source, and keeps tickets as the journal does."""

    def __init__(self, session: ClientSession) -> None:
        self.tickets: list[Ticket] = []
        self.events: list[Made | Dropped | Progress] = []
        self._session = session

    def asks(
        self,
        url: str,
        count: int = 3,
        ticket: Ticket | None = None,
        *,
        token: str = TOKEN,
        avoid: list[str] | None = None,
        clip: ReadClip = no_clip,
    ) -> Events:
        client = QuipgenClient(self._session, url, token, timeout=0.3)
        order = Order(brief=HINGE, count=count, avoid=avoid or [], clip=clip)
        return ServerSource(client).make(order, ticket, self._keep)

    async def gets(self, events: Events) -> None:
        async for event in events:
            self.events.append(event)

    async def gets_quips(self, events: Events, count: int) -> None:
        """Take so many, then crash."""
        async with aclosing(events):
            async for event in events:
                self.events.append(event)
                if len(self.lines) == count:
                    return

    @property
    def lines(self) -> list[str]:
        return [event.quip.text for event in self.events if isinstance(event, Made)]

    @property
    def dropped(self) -> list[Dropped]:
        return [event for event in self.events if isinstance(event, Dropped)]

    @property
    def progress(self) -> list[Progress]:
        return [event for event in self.events if isinstance(event, Progress)]

    async def _keep(self, ticket: Ticket) -> None:
        self.tickets.append(json.loads(json.dumps(ticket)))


@pytest.fixture
async def customer() -> AsyncIterator[Customer]:
    async with ClientSession() as session:
        yield Customer(session)


def answers(status: int = 200, body: bytes = b"{}") -> Handler:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body)

    return answer


async def hang(_: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


# --- A batch --------------------------------------------------------------------------------


async def test_quips_are_collected_while_the_batch_runs(
    server: SlowServer, customer: Customer
) -> None:
    await customer.gets(customer.asks(server.url))
    assert customer.lines == ["Line 0.", "Line 1.", "Line 2."]
    assert server.afters == [0, 1, 2], "each was collected as soon as it was made, and once"
    assert customer.progress == [
        Progress("speaking", 1, 3),
        Progress("speaking", 2, 3),
        Progress("finished", 3, 3),
    ]


async def test_the_server_is_told_who_speaks_and_what_to_avoid(
    server: SlowServer, customer: Customer
) -> None:
    await customer.gets(customer.asks(server.url, avoid=["Old.", "New."]))
    assert server.orders == [
        {
            "count": 3,
            "persona": {
                "name": "Hinge",
                "description": "A cheerful door.",
                "tone": "sunny",
                "voice": "espeak",
            },
            "avoid": ["New.", "Old."],
        }
    ]


async def test_more_texts_to_avoid_than_fit_lose_the_oldest(
    server: SlowServer, customer: Customer
) -> None:
    avoid = [f"{number} " + "\N{DOOR}" * 600 for number in range(1000)]
    await customer.gets(customer.asks(server.url, avoid=avoid))
    [order] = server.orders
    assert len(json.dumps(order)) < 2**20
    assert all(len(text) == 500 for text in order["avoid"])
    assert order["avoid"][0].startswith("999 ")
    assert 50 < len(order["avoid"]) < 1000


async def test_a_batch_that_falls_short_says_why(server: SlowServer, customer: Customer) -> None:
    server.gives_up_after = 1
    await customer.gets(customer.asks(server.url))
    assert customer.lines == ["Line 0."]
    assert customer.progress[-1] == Progress("finished", 1, 3, "No more ideas.")


async def test_quips_of_another_persona_are_sorted_out(
    server: SlowServer, customer: Customer
) -> None:
    async for event in customer.asks(server.url):
        customer.events.append(event)
        server.persona = "Latch"
    assert len(customer.lines) == 1
    assert [str(dropped.reason) for dropped in customer.dropped] == [
        "It was made for the persona 'Latch'."
    ] * 2


# --- A clip ----------------------------------------------------------------------------------


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


# --- Tickets --------------------------------------------------------------------------------


async def test_the_ticket_is_kept_before_the_batch_is_started_and_after_each_harvest(
    server: SlowServer, customer: Customer
) -> None:
    server.hold("earlier", "Hinge", 1, 1)
    await customer.gets(customer.asks(server.url, 2))
    ticket = {"persona": "Hinge", "before": "earlier", "batch": "batch-1"}
    assert customer.tickets == [
        {**ticket, "batch": None, "collected": 0},
        *({**ticket, "collected": collected} for collected in range(3)),
    ]


async def test_a_crash_between_two_quips_loses_none_and_starts_nothing_twice(
    server: SlowServer, customer: Customer
) -> None:
    await customer.gets_quips(customer.asks(server.url), 2)
    await customer.gets(customer.asks(server.url, 2, customer.tickets[-1]))
    # The second came before the crash, its ticket did not: it comes again, and the stock knows it.
    assert customer.lines == ["Line 0.", "Line 1.", "Line 1.", "Line 2."]
    assert len(server.orders) == 1


@pytest.mark.parametrize("held", [None, "theirs"])
async def test_a_batch_the_server_no_longer_holds_is_made_up_for(
    server: SlowServer, customer: Customer, held: str | None
) -> None:
    if held:
        server.hold(held, "Hinge", 3, 3)
    ticket = {"persona": "Hinge", "before": None, "batch": "ours", "collected": 1}
    await customer.gets(customer.asks(server.url, 2, ticket))
    assert len(customer.lines) == 2
    assert [order["count"] for order in server.orders] == [2]


async def test_a_resumed_batch_that_lacks_some_is_followed_by_another(
    server: SlowServer, customer: Customer
) -> None:
    server.hold("ours", "Hinge", 2, 2)
    ticket = {"persona": "Hinge", "before": None, "batch": "ours", "collected": 1}
    await customer.gets(customer.asks(server.url, 4, ticket))
    assert len(customer.lines) == 4
    assert [order["count"] for order in server.orders] == [3]


async def test_a_renamed_persona_still_gets_the_quips_made_under_the_old_name(
    server: SlowServer, customer: Customer
) -> None:
    server.hold("ours", "Creak", 2, 2)
    ticket = {"persona": "Creak", "before": None, "batch": "ours", "collected": 0}
    await customer.gets(customer.asks(server.url, 2, ticket))
    assert len(customer.lines) == 2


UNTOLD = {"persona": "Hinge", "before": "earlier", "batch": None, "collected": 0}


@pytest.mark.parametrize(("made", "total"), [(0, 2), (1, 2), (2, 2)])
async def test_a_batch_started_just_before_the_crash_is_found_again(
    server: SlowServer, customer: Customer, made: int, total: int
) -> None:
    server.hold("untold", "Hinge", made, total)
    await customer.gets(customer.asks(server.url, 2, UNTOLD))
    assert customer.lines == ["Line 0.", "Line 1."]
    assert server.orders == []
    assert customer.tickets[-1]["batch"] == "untold"


async def test_a_batch_that_has_made_nothing_yet_is_waited_for(
    server: SlowServer, customer: Customer
) -> None:
    looks = 0

    async def not_yet(request: web.Request) -> web.Response:
        nonlocal looks
        looks += 1
        if looks > 3:
            return await server.progress(request)
        return web.json_response(
            {
                "batch": "untold",
                "stage": "loading",
                "created": 0,
                "left": 2,
                "total": 2,
                "finished": False,
                "error": None,
            }
        )

    server.hold("untold", "Hinge", 0, 2)
    server.faults["/quip_progress/"] = not_yet
    await customer.gets(customer.asks(server.url, 2, UNTOLD))
    assert len(customer.lines) == 2
    assert server.orders == []


@pytest.mark.parametrize(("batch", "persona"), [("earlier", "Hinge"), ("theirs", "Latch")])
async def test_a_batch_that_is_not_ours_is_not_taken(
    server: SlowServer, customer: Customer, batch: str, persona: str
) -> None:
    server.hold(batch, persona, 2, 2)
    await customer.gets(customer.asks(server.url, 2, UNTOLD))
    assert [order["count"] for order in server.orders] == [2]
    assert len(customer.lines) == 2


@pytest.mark.parametrize(
    "ticket", [{}, {"instance": "i-1"}, {**UNTOLD, "collected": "many"}, {**UNTOLD, "batch": 7}]
)
async def test_a_ticket_of_another_kind_is_ignored(
    server: SlowServer, customer: Customer, ticket: Ticket
) -> None:
    await customer.gets(customer.asks(server.url, 2, ticket))
    assert len(customer.lines) == 2


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
