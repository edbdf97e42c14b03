"""A crowd on one quipgen server: many that collect one batch, and homes that order their own."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, override

from aiohttp import ClientSession

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import GppdeError
from custom_components.gppde.quipgen import QuipgenClient
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.sources import Brief, Events, Made, Order, Ticket
from custom_components.gppde.sources.following import Followed, collect, follow
from custom_components.gppde.sources.server import BUSY_POLL, ServerSource
from tests.e2e.house import quipgen
from tests.e2e.house.quipgen import Quipgen

from .memory import largest_child

BATCH = 30
A_HOME = 5
LOOK = 0.1


@dataclass(frozen=True)
class Crowd:
    """Clients that collect one batch: `complete` got all of it, in its order; `failed` tells how
    often others ended with which words. Milliseconds to an answer, seconds in which the batch was
    made, and MB of the server at its peak.
    """

    clients: int
    complete: int
    failed: dict[str, int]
    answers: int
    median: float
    p99: float
    longest: float
    batch: float
    memory: float


@dataclass(frozen=True)
class Street:
    """Homes that order A_HOME quips, each for a persona of its own: `complete` got them;
    `lost` are quips that did not reach their home, `strange` those that came to another.
    """

    homes: int
    complete: int
    failed: dict[str, int]
    lost: int
    strange: int
    seconds: float


@dataclass
class Outcome:
    """What came to one client, what it dropped, and how it ended if not well."""

    came: list[str] = field(default_factory=list)
    strange: int = 0
    error: str = ""


class TimedClient(QuipgenClient):
    """Notes how many seconds each answer took."""

    taken: list[float]

    @override
    async def _call(self, method: str, path: str, **options: Any) -> bytes:
        started = perf_counter()
        try:
            return await super()._call(method, path, **options)
        finally:
            self.taken.append(perf_counter() - started)


@asynccontextmanager
async def client_of(server: Quipgen, taken: list[float]) -> AsyncIterator[QuipgenClient]:
    """Be a home, with connections of its own."""
    async with ClientSession() as session:
        pin = server.fingerprint.replace(":", "")
        client = TimedClient(session, server.url, server.token, pin)
        client.taken = taken
        yield client


async def measure(crowds: Iterable[int], homes: int) -> tuple[list[Crowd], Street]:
    """Let ever more clients collect a batch from one server, then let homes order."""
    with TemporaryDirectory() as folder:
        async with quipgen.run(Path(folder)) as server:
            await crowd(server, 1)  # after which the model is loaded
            return [await crowd(server, clients) for clients in crowds], await street(server, homes)


async def crowd(server: Quipgen, clients: int) -> Crowd:
    """Have a batch made, and collected by all of them meanwhile."""
    taken: list[float] = []
    async with client_of(server, []) as client:
        started = perf_counter()
        batch = await client.start_batch({"count": BATCH, "persona": asdict(brief("Hinge"))})
        following = asyncio.gather(*(follower(server, batch, taken) for _ in range(clients)))
        while not (await client.progress()).finished:  # noqa: ASYNC110  the server's doing
            await asyncio.sleep(LOOK)
        made = perf_counter() - started
        outcomes = await following
        whole = [quip.uuid for quip, _ in (await collect(client, after=0)).quips]
    return Crowd(
        clients=clients,
        complete=sum(outcome.came == whole for outcome in outcomes),
        failed=failures(outcomes),
        answers=len(taken),
        median=median(taken) * 1e3,
        p99=quantiles(taken, n=100, method="inclusive")[98] * 1e3,
        longest=max(taken) * 1e3,
        batch=made,
        memory=largest_child(),
    )


async def follower(server: Quipgen, batch: str, taken: list[float]) -> Outcome:
    """Collect a batch as it grows."""
    async with client_of(server, taken) as client:
        return await outcome_of(follow(client, Followed("Hinge", batch), keep))


async def street(server: Quipgen, homes: int) -> Street:
    """Have them order within seconds, so that they look at different times whether it is free."""
    started = perf_counter()
    names = [f"Persona {number}" for number in range(homes)]
    outcomes = await asyncio.gather(
        *(home(server, name, number * BUSY_POLL / homes) for number, name in enumerate(names))
    )
    return Street(
        homes=homes,
        complete=sum(len(outcome.came) == A_HOME for outcome in outcomes),
        failed=failures(outcomes),
        lost=sum(A_HOME - len(outcome.came) for outcome in outcomes),
        strange=sum(outcome.strange for outcome in outcomes),
        seconds=perf_counter() - started,
    )


async def home(server: Quipgen, name: str, delay: float) -> Outcome:
    """Order, which is to wait while others' batches are made."""
    await asyncio.sleep(delay)
    async with client_of(server, []) as client:
        order = Order(brief=brief(name), count=A_HOME, avoid=[])
        return await outcome_of(ServerSource(client).make(order, None, keep))


async def outcome_of(events: Events) -> Outcome:
    """Take all there is to come."""
    outcome = Outcome()
    try:
        async for event in events:
            if isinstance(event, Made):
                outcome.came.append(event.quip.uuid)
            outcome.strange += isinstance(event, Dropped)
    except GppdeError as error:
        outcome.error = str(error)
    return outcome


def failures(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Return how often clients ended with which words."""
    return dict(Counter(outcome.error for outcome in outcomes if outcome.error))


def brief(name: str) -> Brief:
    """Return a persona of that name."""
    return Brief(name=name, description="", tone=Tone.SUNNY, voice="")


async def keep(_: Ticket) -> None:
    """Forget it: nothing crashes here."""
