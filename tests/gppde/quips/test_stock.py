"""The stock, as doors, refills, crashes, failing disks and people with a file manager treat it."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from custom_components.gppde.errors import StockError, StockFullError, StockUnwritableError
from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.quips.stock import HANDFUL, Stock

from ..faulty_disk import disk, out_of_space, read_only
from ..helpers import make_quip
from .stocks import MP3, at_once, files_in, numbered, put_into


@pytest.fixture
async def stock(tmp_path: Path) -> Stock:
    """Return a stock of three."""
    stock = Stock(tmp_path, at_once)
    await stock.load()
    for number in range(3):
        assert await stock.add(numbered(number), MP3)
    return stock


async def restarted(stock: Stock) -> Stock:
    """Return the stock as the next process finds it."""
    again = Stock(stock._folder._path, at_once)
    await again.load()
    return again


def drawn(stock: Stock, *, repeat: bool = False) -> Quip:
    """Draw a quip that must be there."""
    quip = stock.draw(repeat=repeat)
    assert quip
    return quip


def lies_in(stock: Stock, quip: Quip) -> str:
    """Return the folder of a quip's mp3, which must be there."""
    path = stock.path(quip.uuid)
    assert path
    assert path.read_bytes() == MP3
    return path.parent.name


async def test_the_oldest_is_drawn_first_in_whichever_order_they_came(tmp_path: Path) -> None:
    stock = Stock(tmp_path, at_once)
    await stock.load()
    for number in (2, 0, 3, 1):
        await stock.add(numbered(number), MP3)
    for one in (stock, await restarted(stock)):
        assert [drawn(one).text for _ in range(4)] == [f"Line {number}." for number in range(4)]
        assert one.draw(repeat=True) is None


async def test_a_drawn_quip_is_in_neither_count_but_can_be_fetched(stock: Stock) -> None:
    quip = drawn(stock)
    assert (stock.fresh_count, stock.stale_count) == (2, 0)
    assert stock.get(quip.uuid) == quip
    assert stock.is_fresh(quip.uuid)
    assert lies_in(stock, quip) == "fresh"
    assert quip.text in stock.texts()


async def test_a_quip_given_back_is_the_next_to_be_drawn(stock: Stock) -> None:
    quip = drawn(stock)
    stock.give_back(quip)
    assert drawn(stock) == quip


async def test_a_quip_that_was_heard_cannot_be_given_back(stock: Stock) -> None:
    quip = drawn(stock)
    await stock.mark_stale(quip.uuid)
    stock.give_back(quip)
    assert stock.fresh_count == 2
    assert stock.stale() == [quip]
    assert not stock.is_fresh(quip.uuid)
    assert lies_in(stock, quip) == "stale"


async def test_a_quip_played_from_the_media_panel_is_not_drawn_any_more(stock: Stock) -> None:
    quip = stock.fresh()[1]
    await stock.mark_stale(quip.uuid)
    assert quip not in [drawn(stock), drawn(stock)]
    assert stock.draw(repeat=False) is None


async def test_an_empty_stock_repeats_what_was_not_heard_for_longest(stock: Stock) -> None:
    quips = stock.fresh()
    for quip in (quips[1], quips[0], quips[2], quips[1]):
        await stock.mark_stale(quip.uuid)
    assert stock.draw(repeat=False) is None
    assert drawn(stock, repeat=True) == quips[0]
    stock.give_back(quips[0])
    assert drawn(stock, repeat=True) == quips[0]
    await stock.mark_stale(quips[0].uuid)
    assert drawn(stock, repeat=True) == quips[2]


async def test_the_order_of_repetition_survives_a_restart(stock: Stock) -> None:
    quips = stock.fresh()
    for age, quip in enumerate(quips):
        await stock.mark_stale(quip.uuid)
        path = stock.path(quip.uuid)
        assert path
        os.utime(path, (1e9 - age, 1e9 - age))
    assert (await restarted(stock)).stale() == quips


async def test_what_was_drawn_and_not_heard_is_fresh_after_a_restart(stock: Stock) -> None:
    heard, unheard = drawn(stock), drawn(stock)
    await stock.mark_stale(heard.uuid)
    again = await restarted(stock)
    assert unheard in again.fresh()
    assert again.stale() == [heard]


async def test_a_known_quip_is_not_added_again_even_once_heard(stock: Stock) -> None:
    quip = drawn(stock)
    assert not await stock.add(quip, MP3)
    await stock.mark_stale(quip.uuid)
    assert not await stock.add(quip, MP3)
    assert not await stock.add(stock.fresh()[0], MP3)
    assert stock.fresh_count == 2


async def test_an_unknown_quip_is_nowhere(stock: Stock) -> None:
    stranger = make_quip()
    await stock.mark_stale(stranger.uuid)
    stock.give_back(stranger)
    assert stock.get(stranger.uuid) is None
    assert stock.path(stranger.uuid) is None
    assert not stock.is_fresh(stranger.uuid)
    assert (stock.fresh_count, stock.stale_count) == (3, 0)


async def test_disk_operations_wait_for_one_another_even_if_a_caller_gives_up(
    tmp_path: Path,
) -> None:
    running: list[str] = []

    async def slowly(job: Callable[..., Any], *args: Any) -> Any:
        assert not running
        running.append("a job")
        await asyncio.sleep(0.01)
        running.pop()
        return job(*args)

    stock = Stock(tmp_path, slowly)
    await stock.load()
    impatient = asyncio.create_task(stock.add(quip := make_quip(), MP3))
    await asyncio.sleep(0)
    impatient.cancel()
    same, other = await asyncio.gather(stock.add(quip, MP3), stock.add(make_quip(), MP3))
    assert (same, other) == (False, True)
    assert stock.fresh_count == 2


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (out_of_space(), StockFullError),
        (read_only(), StockUnwritableError),
        (OSError(5, "Input/output error"), StockError),
    ],
)
async def test_a_failing_disk_is_told_in_words_and_leaves_nothing_half_done(
    stock: Stock, tmp_path: Path, failure: OSError, raised: type[StockError]
) -> None:
    before = files_in(tmp_path)
    # The folders are there already: the third call is the first that matters, the sixth the last.
    for call in range(2, 6):
        with disk(error=failure, after=call), pytest.raises(raised, match=str(tmp_path)) as caught:
            await stock.add(make_quip(), MP3)
        assert type(caught.value) is raised
        assert files_in(tmp_path) == before


async def test_a_quip_heard_on_a_read_only_disk_is_stale_and_moves_when_the_disk_recovers(
    stock: Stock,
) -> None:
    quip = drawn(stock)
    with disk(error=read_only(), times=100):
        with pytest.raises(StockUnwritableError):
            await stock.mark_stale(quip.uuid)
        assert stock.stale() == [quip]
        assert drawn(stock) != quip
        assert lies_in(stock, quip) == "fresh"
        with pytest.raises(StockUnwritableError):
            await stock.rescan()
    await stock.rescan()
    assert lies_in(stock, quip) == "stale"
    assert (await restarted(stock)).stale() == [quip]


async def test_a_stock_that_cannot_be_put_in_order_speaks_with_what_it_has(
    stock: Stock, tmp_path: Path
) -> None:
    (tmp_path / "fresh" / "new.mp3").write_bytes(MP3)
    again = Stock(tmp_path, at_once)
    with disk(error=read_only(), times=100), pytest.raises(StockUnwritableError):
        await again.load()
    assert again.fresh() == stock.fresh()


async def test_what_a_person_deletes_is_not_drawn(stock: Stock) -> None:
    quip = stock.fresh()[0]
    path = stock.path(quip.uuid)
    assert path
    path.unlink()
    await stock.rescan()
    assert drawn(stock) != quip
    assert stock.get(quip.uuid) is None


async def test_recycled_quips_are_drawn_as_if_nobody_had_heard_them(stock: Stock) -> None:
    quips = stock.fresh()
    for quip in quips[::-1]:
        await stock.mark_stale(quip.uuid)
    assert await stock.recycle() == 3
    for one in (stock, await restarted(stock)):
        assert one.fresh() == quips
        assert one.stale() == []
        assert {lies_in(one, quip) for quip in quips} == {"fresh"}


async def test_a_quip_that_is_said_again_at_this_moment_is_not_recycled(stock: Stock) -> None:
    for quip in stock.fresh():
        await stock.mark_stale(quip.uuid)
    quip = drawn(stock, repeat=True)
    assert await stock.recycle() == 2
    stock.give_back(quip)
    assert stock.stale() == [quip]
    assert lies_in(stock, quip) == "stale"


async def test_what_is_heard_while_the_disk_recycles_is_stale_in_the_end(tmp_path: Path) -> None:
    is_at_work = asyncio.Event()

    async def slowly(job: Callable[..., Any], *args: Any) -> Any:
        is_at_work.set()
        await asyncio.sleep(0.01)
        return job(*args)

    stock = Stock(tmp_path, slowly)
    await stock.load()
    await stock.add(quip := make_quip(), MP3)
    await stock.mark_stale(quip.uuid)
    is_at_work.clear()
    recycling = asyncio.create_task(stock.recycle())
    await is_at_work.wait()
    assert drawn(stock) == quip
    await stock.mark_stale(quip.uuid)
    assert await recycling == 1
    assert stock.stale() == [quip]
    assert lies_in(stock, quip) == "stale"


class Crew:
    """Does the disk's jobs a turn of the loop later, and remembers them."""

    def __init__(self) -> None:
        self.jobs: list[str] = []
        self.recycles = asyncio.Event()

    async def run(self, job: Callable[..., Any], *args: Any) -> Any:
        await asyncio.sleep(0)
        self.jobs.append(getattr(job, "func", job).__name__)
        if self.jobs[-1] == "move_to_fresh":
            self.recycles.set()
        return job(*args)


async def test_who_hears_a_quip_while_thousands_are_recycled_waits_for_a_handful_at_most(
    tmp_path: Path,
) -> None:
    crew, quips = Crew(), [numbered(number) for number in range(5 * HANDFUL)]
    put_into(tmp_path / "stale", quips)
    stock = Stock(tmp_path, crew.run)
    await stock.load()
    recycling = asyncio.create_task(stock.recycle())
    await crew.recycles.wait()
    heard = drawn(stock)
    await stock.mark_stale(heard.uuid)
    assert crew.jobs[: crew.jobs.index("move_to_stale")].count("move_to_fresh") <= 2
    assert not recycling.done()
    await recycling
    assert crew.jobs.count("move_to_fresh") == 5
    assert stock.stale() == [heard]
    assert lies_in(stock, heard) == "stale"
    assert stock.fresh() == [quip for quip in quips if quip != heard]


async def test_the_loop_goes_on_while_a_large_stock_is_read(tmp_path: Path) -> None:
    quips = [numbered(number) for number in range(5 * HANDFUL)]
    put_into(tmp_path / "fresh", quips)
    stock = Stock(tmp_path, at_once)
    loading = asyncio.create_task(stock.load())
    counts = set()
    while not loading.done():
        await asyncio.sleep(0)
        counts.add(stock.fresh_count)
    assert counts >= {number * HANDFUL for number in range(1, 6)}
    assert stock.fresh() == quips


async def test_a_backup_that_begins_while_quips_are_recycled_ends_that(tmp_path: Path) -> None:
    crew, quips = Crew(), [numbered(number) for number in range(3 * HANDFUL)]
    put_into(tmp_path / "stale", quips)
    stock = Stock(tmp_path, crew.run)
    await stock.load()
    recycling = asyncio.create_task(stock.recycle())
    await crew.recycles.wait()
    await stock.hold()
    with pytest.raises(StockError, match="backup"):
        await recycling
    assert stock.fresh_count in (HANDFUL, 2 * HANDFUL)
    for one in (stock, await restarted(stock)):
        assert {lies_in(one, quip) for quip in one.fresh()} == {"fresh"}
        assert {lies_in(one, quip) for quip in one.stale()} == {"stale"}


async def test_a_disk_that_fails_in_the_middle_leaves_the_rest_stale(stock: Stock) -> None:
    quips = stock.fresh()
    for quip in quips:
        await stock.mark_stale(quip.uuid)
    # Two folders are made sure of and two files moved for the first quip.
    with disk(error=read_only(), after=4), pytest.raises(StockUnwritableError):
        await stock.recycle()
    assert stock.fresh() == quips[:1]
    assert stock.stale() == quips[:0:-1]
    assert {lies_in(stock, quip) for quip in quips[1:]} == {"stale"}


async def test_a_recycled_quip_that_the_disk_kept_in_fresh_stays_there(stock: Stock) -> None:
    quip = drawn(stock)
    with disk(error=read_only(), times=100), pytest.raises(StockUnwritableError):
        await stock.mark_stale(quip.uuid)
    assert await stock.recycle() == 1
    await stock.rescan()
    assert quip in stock.fresh()
    assert lies_in(stock, quip) == "fresh"


async def test_nothing_is_recycled_while_a_backup_is_taken(stock: Stock) -> None:
    quip = drawn(stock)
    await stock.hold()
    await stock.mark_stale(quip.uuid)
    with pytest.raises(StockError, match="backup"):
        await stock.recycle()
    assert stock.stale() == [quip]
    stock.release()
    assert await stock.recycle() == 1
    assert quip in (await restarted(stock)).fresh()


async def test_what_a_person_deleted_cannot_be_recycled(stock: Stock) -> None:
    kept, deleted, _ = stock.fresh()
    for quip in (kept, deleted):
        await stock.mark_stale(quip.uuid)
    path = stock.path(deleted.uuid)
    assert path
    path.unlink()
    assert await stock.recycle() == 1
    assert kept in stock.fresh()
    assert deleted not in stock.fresh()
    await stock.rescan()
    assert stock.get(deleted.uuid) is None


async def test_a_quip_can_be_drawn_by_its_name_wherever_it_is(stock: Stock) -> None:
    first, second, third = stock.fresh()
    await stock.mark_stale(first.uuid)
    assert drawn(stock) == second
    for quip in (first, second, third):
        assert stock.draw_named(quip.uuid) == quip
    assert stock.draw(repeat=True) is None
    for quip in (first, second, third):
        stock.give_back(quip)
    assert stock.stale() == [first]
    assert stock.fresh() == [third, second]
    assert stock.draw_named(make_quip().uuid) is None


async def test_it_is_known_when_a_quip_was_heard(stock: Stock) -> None:
    heard, unheard, _ = stock.fresh()
    await stock.mark_stale(heard.uuid)
    times = await stock.heard_at([heard.uuid, unheard.uuid, make_quip().uuid])
    assert list(times) == [heard.uuid]
    assert abs(datetime.now(UTC) - times[heard.uuid]) < timedelta(minutes=1)
