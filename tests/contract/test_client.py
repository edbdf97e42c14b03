"""Does the client understand every answer of the server, and the server every call?"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from custom_components.gppde.quipgen import (
    BatchProgress,
    BusyError,
    Health,
    NotQuipgenError,
    QuipgenClient,
    RejectedError,
    UnauthorizedError,
    UnreachableError,
    UntrustedError,
)
from custom_components.gppde.quips.archive import Harvest, read_archive
from custom_components.gppde.quips.mp3 import title

from .serving import Connect, Serving

LONGEST_BATCH = 120
HINGE = {"name": "Hinge", "description": "A cheerful door.", "tone": "sunny", "voice": ""}


def order(**changes: Any) -> dict[str, Any]:
    return {"count": 2, "persona": HINGE, "avoid": []} | changes


async def finished(client: QuipgenClient, batch: str) -> BatchProgress:
    async with asyncio.timeout(LONGEST_BATCH):
        while not (progress := await client.progress()).finished:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    assert progress.batch == batch
    return progress


async def harvest(client: QuipgenClient, after: int = 0) -> Harvest:
    return read_archive(await client.quips(after))


async def test_the_server_tells_anybody_that_it_is_well(connect: Connect, serving: Serving) -> None:
    health = await connect(serving, "nobody's token").health()
    assert health == Health(version="0.1.0", stage=health.stage)


@pytest.mark.parametrize(
    "call",
    [
        QuipgenClient.progress,
        QuipgenClient.quips,
        QuipgenClient.dismiss,
        lambda client: client.start_batch(order()),
    ],
    ids=["progress", "quips", "dismiss", "start_batch"],
)
async def test_without_the_token_nothing_else_is_told(
    connect: Connect, serving: Serving, call: Callable[[QuipgenClient], Awaitable[object]]
) -> None:
    with pytest.raises(UnauthorizedError):
        await call(connect(serving, "a wrong token, long enough"))


async def test_an_idle_server_has_no_batch_and_no_quips(client: QuipgenClient) -> None:
    progress = await client.progress()
    assert (progress.batch, progress.created, progress.total) == (None, 0, 0)
    assert await harvest(client) == Harvest()


async def test_a_batch_is_made_voiced_and_collected(client: QuipgenClient) -> None:
    progress = await finished(client, await client.start_batch(order(count=3, seed=1)))
    assert (progress.created, progress.left, progress.total) == (3, 0, 3)
    assert progress.error is None
    made = await harvest(client)
    assert made.dropped == []
    assert len({quip.text for quip, _ in made.quips}) == 3
    for quip, _ in made.quips:
        assert (quip.persona, quip.tone, quip.seed) == ("Hinge", "sunny", 1)
        assert quip.model
        assert quip.voice
        assert 0.2 < quip.duration < 20
        assert -30 < quip.loudness < -10
    assert (await harvest(client, after=2)).quips == made.quips[2:]
    assert await harvest(client, after=3) == Harvest()


async def test_every_mp3_is_titled_with_its_line(client: QuipgenClient, tmp_path: Any) -> None:
    await finished(client, await client.start_batch(order(count=1)))
    [(quip, mp3)] = (await harvest(client)).quips
    (tmp_path / "quip.mp3").write_bytes(mp3)
    with (tmp_path / "quip.mp3").open("rb") as file:
        assert title(file) == quip.text


async def test_a_second_batch_is_refused_while_one_runs(client: QuipgenClient) -> None:
    batch = await client.start_batch(order(count=50))
    with pytest.raises(BusyError) as busy:
        await client.start_batch(order())
    assert busy.value.batch == batch


async def test_a_dismissed_batch_is_over(client: QuipgenClient) -> None:
    await client.start_batch(order(count=50))
    await client.dismiss()
    assert (await client.progress()).batch is None
    await finished(client, await client.start_batch(order(count=1)))


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"count": 0}, "count"),
        ({"count": "two"}, "count"),
        ({"persona": {**HINGE, "tone": "grumpy"}}, "persona.tone"),
        ({"persona": {**HINGE, "name": ""}}, "persona.name"),
        ({"persona": {**HINGE, "voice": "../etc"}}, "persona.voice"),
        ({"avoid": "all"}, "avoid"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_what_is_wrong_with_an_order_is_told(
    client: QuipgenClient, changes: dict[str, Any], named: str
) -> None:
    with pytest.raises(RejectedError, match=named):
        await client.start_batch(order(**changes))


async def test_an_order_that_is_too_large_is_refused(client: QuipgenClient) -> None:
    with pytest.raises(RejectedError, match="bytes at most"):
        await client.start_batch(order(avoid=["x" * 400] * 4000))


async def test_a_wrong_place_to_begin_collecting_is_refused(client: QuipgenClient) -> None:
    with pytest.raises(RejectedError, match="after"):
        await client.quips(after=-1)


async def test_an_unknown_voice_ends_the_batch_with_a_reason(client: QuipgenClient) -> None:
    nobody = order(persona={**HINGE, "voice": "klingon-opera"})
    progress = await finished(client, await client.start_batch(nobody))
    assert progress.created == 0
    assert progress.error
    assert "klingon-opera" in progress.error


async def test_another_address_of_the_server_is_not_the_server(
    connect: Connect, serving: Serving
) -> None:
    with pytest.raises(NotQuipgenError):
        await connect(replace(serving, url=f"{serving.url}/nowhere/")).progress()


async def test_nobody_listens_beside_the_server(connect: Connect, serving: Serving) -> None:
    with pytest.raises(UnreachableError):
        await connect(replace(serving, url="https://127.0.0.1:9")).health()


async def test_a_server_with_another_certificate_is_told_nothing(
    connect: Connect, serving: Serving
) -> None:
    with pytest.raises(UntrustedError):
        await connect(replace(serving, fingerprint="00" * 32)).progress()
