"""Does the second source make what the first one left unmade, and only that?"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gppde.const import Tone
from custom_components.gppde.errors import (
    ClipMissingError,
    SourceAuthError,
    SourceBudgetError,
    SourceError,
    StockFullError,
)
from custom_components.gppde.quips.archive import Dropped
from custom_components.gppde.sources import (
    Brief,
    Event,
    Made,
    Order,
    Progress,
    StoodIn,
    Ticket,
    patience,
)
from custom_components.gppde.sources.standing_in import StandInSource
from custom_components.gppde.words import Words
from tests.gppde.refilling import DONE, ScriptedSource, made

HINGE = Brief(name="Hinge", description="", tone=Tone.SUNNY, voice="")
ORDER = Order(brief=HINGE, count=3, avoid=["Said."])
LOST = SourceError("The server is lost.")


class Pair:
    """A source, its stand-in, and a clock."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 21, 12, tzinfo=UTC)
        self.first = ScriptedSource()
        self.second = ScriptedSource()
        self.source = StandInSource(self.first, self.second, lambda: self.time)
        self.events: list[Event] = []

    async def make(self, order: Order = ORDER, ticket: Ticket | None = None) -> list[str]:
        """Let an order be made, as a delivery does, and return what the quips say."""
        self.events.clear()
        events = self.source.make(order, ticket, self._keep)
        try:
            async for event in events:
                self.events.append(event)
                if len(self.lines) == order.count:
                    break
        finally:
            await events.aclose()
            self.first.forget()
            self.second.forget()
        return self.lines

    async def fail(self, *errors: SourceError) -> None:
        """Let orders fail, as time goes by, and the stand-in make them."""
        for error in errors or [LOST]:
            self.first.give(error)
            self.second.give(made("A."), made("B."), made("C."), DONE)
            await self.make()
            self.time += timedelta(minutes=10)

    @property
    def lines(self) -> list[str]:
        return [event.quip.text for event in self.events if isinstance(event, Made)]

    @property
    def stood_in(self) -> StoodIn | None:
        return next((event for event in self.events if isinstance(event, StoodIn)), None)

    async def _keep(self, ticket: Ticket) -> None:
        self.kept = ticket


@pytest.fixture
def pair() -> Pair:
    return Pair()


async def test_nobody_stands_in_for_a_source_that_works(pair: Pair) -> None:
    pair.first.give({"batch": 1}, made("A."), made("B."), made("C."), DONE)
    assert await pair.make() == ["A.", "B.", "C."]
    assert pair.kept == {"batch": 1}
    assert pair.second.orders == []
    assert pair.stood_in is None


async def test_a_source_that_makes_less_than_all_is_not_stood_in_for(pair: Pair) -> None:
    pair.first.give(made("A."), Progress("done", 1, 3, "Too few."), DONE)
    assert await pair.make() == ["A."]
    assert pair.second.orders == []


async def test_what_a_source_fails_to_make_at_all_the_other_one_makes(pair: Pair) -> None:
    pair.first.give(LOST)
    pair.second.give(made("A."), made("B."), made("C."), DONE)
    assert await pair.make() == ["A.", "B.", "C."]
    assert pair.stood_in == StoodIn(LOST, rests=False)
    assert pair.second.orders == [ORDER]


async def test_what_is_missing_in_the_middle_is_made_unlike_what_came(pair: Pair) -> None:
    pair.first.give(made("A."), made("B."), LOST)
    pair.second.give(made("C."), DONE)
    assert await pair.make() == ["A.", "B.", "C."]
    assert pair.second.orders == [replace(ORDER, count=1, avoid=["Said.", "A.", "B."])]
    assert pair.second.tickets == [None]


async def test_a_source_that_ends_without_anything_has_failed(pair: Pair) -> None:
    pair.first.give(Progress("done", 0, 3, "No line was any good."), DONE)
    pair.second.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    assert pair.stood_in
    assert str(pair.stood_in.error) == "No line was any good."


async def test_one_whose_quips_are_all_of_no_use_has_failed(pair: Pair) -> None:
    pair.first.give(Dropped("A.", Words("It is broken.")), DONE)
    pair.second.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    assert pair.stood_in
    assert str(pair.stood_in.error) == "It is broken."


async def test_one_that_gives_no_reason_has_failed_as_well(pair: Pair) -> None:
    pair.first.give(DONE)
    pair.second.give(DONE)
    assert await pair.make() == []
    assert str(pair.stood_in and pair.stood_in.error) == "The source made nothing."


async def test_a_resumed_order_of_which_nothing_is_left_has_not_failed(pair: Pair) -> None:
    pair.first.give(DONE)
    assert await pair.make(ticket={"batch": 1}) == []
    assert pair.second.orders == []


async def test_where_both_fail_both_are_told_and_the_refill_waits(pair: Pair) -> None:
    pair.first.give(SourceAuthError("The token is wrong."))
    pair.second.give(SourceError("No credits."))
    with pytest.raises(SourceError, match=r"The token is wrong\. .* too: No credits\.") as caught:
        await pair.make()
    assert not isinstance(caught.value, SourceAuthError), "for the stand-in may work the next time"
    assert pair.stood_in, "so that the refusal is told as such"


@pytest.mark.parametrize("error", [ClipMissingError("Gone."), StockFullError("Full.")])
async def test_what_is_no_fault_of_the_source_is_nobodys_business(
    pair: Pair, error: Exception
) -> None:
    pair.first.give(error)
    with pytest.raises(type(error)):
        await pair.make()
    assert pair.second.orders == []


# --- How often the first one is tried -------------------------------------------------------


async def test_a_source_that_failed_is_tried_again_once_its_time_has_come(pair: Pair) -> None:
    await pair.fail(LOST)
    pair.time -= timedelta(minutes=9, seconds=30)
    pair.second.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    assert len(pair.first.orders) == 1, "not within the minute"
    assert pair.stood_in == StoodIn(LOST, rests=False)

    pair.time += timedelta(minutes=1)
    pair.first.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    assert len(pair.first.orders) == 2
    assert pair.stood_in is None


async def test_after_three_failures_the_other_one_works_alone_until_the_next_day(
    pair: Pair,
) -> None:
    await pair.fail(LOST, LOST, LOST)
    assert pair.stood_in == StoodIn(LOST, rests=True)
    for _ in range(4):
        pair.second.give(made("A."), made("B."), made("C."), DONE)
        assert await pair.make() == ["A.", "B.", "C."]
        pair.time += timedelta(hours=1)
    assert len(pair.first.orders) == 3
    assert pair.stood_in == StoodIn(LOST, rests=True)

    pair.time += timedelta(hours=12)
    pair.first.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    assert len(pair.first.orders) == 4


@pytest.mark.parametrize("error", [SourceAuthError("Refused."), SourceBudgetError("Spent.")])
async def test_what_only_a_person_can_mend_is_not_tried_three_times(
    pair: Pair, error: SourceError
) -> None:
    await pair.fail(error)
    pair.second.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    assert len(pair.first.orders) == 1
    assert pair.stood_in == StoodIn(error, rests=True)


async def test_a_person_who_asks_has_it_tried_at_once(pair: Pair) -> None:
    await pair.fail(LOST, LOST, LOST)
    pair.first.give(made("A."), made("B."), made("C."), DONE)
    await pair.make(replace(ORDER, by_person=True))
    assert len(pair.first.orders) == 4
    assert pair.stood_in is None


async def test_success_is_forgiving(pair: Pair) -> None:
    await pair.fail(LOST, LOST)
    pair.first.give(made("A."), made("B."), made("C."), DONE)
    await pair.make()
    await pair.fail(LOST)
    assert pair.stood_in == StoodIn(LOST, rests=False), "counted from one again"


async def test_what_a_crash_left_is_seen_to_whatever_failed_before(pair: Pair) -> None:
    await pair.fail(LOST, LOST, LOST)
    pair.first.give(made("A."), made("B."), made("C."), DONE)
    await pair.make(ticket={"attempt": "1"})
    assert pair.first.tickets[-1] == {"attempt": "1"}


# --- Patience -------------------------------------------------------------------------------


async def test_a_source_that_hangs_is_ended_before_the_other_one_begins(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.05)
    pair.first.give(made("A."))
    pair.second.give(made("B."), made("C."), DONE)
    assert await pair.make() == ["A.", "B.", "C."]
    assert pair.first.closed == 1
    assert pair.stood_in
    assert "It takes too long" in str(pair.stood_in.error)


async def test_the_same_news_again_is_none(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.2)

    async def dull() -> AsyncGenerator[Event]:
        while True:
            yield Progress("writing", 0, 3)
            await asyncio.sleep(0.01)

    async with asyncio.timeout(2):
        with pytest.raises(SourceError):
            async for _ in patience.patient(dull()):
                pass


async def test_patience_that_is_asked_for_is_had_and_passed_on(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "PATIENCE", 0.02)

    async def slow() -> AsyncGenerator[Event]:
        yield Progress("booting", 0, 3, patience=480)
        await asyncio.sleep(0.1)
        yield Progress("writing", 0, 3)

    told = [event async for event in patience.patient(slow())]
    assert told == [Progress("booting", 0, 3, patience=600), Progress("writing", 0, 3)]


async def test_whoever_loses_interest_ends_the_first_one(pair: Pair) -> None:
    task = asyncio.ensure_future(pair.make())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert pair.first.closed == 1
    assert pair.second.orders == []
