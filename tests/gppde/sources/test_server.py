"""Are quips collected from a running server, whatever it does?"""

import json

import pytest
from aiohttp import web

from custom_components.gppde.sources import Progress, Ticket

from .customer import Customer
from .slow_server import SlowServer

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
