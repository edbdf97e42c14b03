"""Does the ledger keep what may cost money, whatever happens to its file?"""

import asyncio
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.gppde.aws.attempt import Attempt, AttemptState
from custom_components.gppde.aws.bill import Bill
from custom_components.gppde.aws.instance import InstanceState
from custom_components.gppde.aws.ledger import Ledger, LedgerBrokenError, LedgerError
from tests.gppde.faulty_disk import Killed, disk, out_of_space, read_only

from .attempts import BEARER, NOW, make_asked, make_attempt, make_instance, make_launched

MINUTE = timedelta(minutes=1)


async def at_once[T](job: Callable[[], T], /) -> T:
    return job()


async def opened(folder: Path) -> Ledger:
    """Return the ledger as the next process finds it."""
    ledger = Ledger(folder / "ledger", at_once)
    await ledger.load()
    return ledger


@pytest.fixture
async def ledger(tmp_path: Path) -> Ledger:
    """Return an empty ledger."""
    return await opened(tmp_path)


async def ended(ledger: Ledger, attempt: Attempt, started: datetime, minutes: int) -> None:
    """Let an attempt begin, and its instance end after so long."""
    await ledger.begin(attempt)
    gone = make_instance(
        attempt, id=attempt.instance, state=InstanceState.TERMINATED, launched=started
    )
    await ledger.finish(attempt, gone, started + minutes * MINUTE)


async def test_a_first_ledger_is_empty(ledger: Ledger) -> None:
    assert ledger.running is None
    assert ledger.attempts == []
    assert ledger.unconfirmed == []
    assert ledger.bills == []
    assert ledger.spent("2026-11") == ledger.owed(NOW) == 0


async def test_an_attempt_outlives_a_crash(ledger: Ledger, tmp_path: Path) -> None:
    attempt = make_asked()
    await ledger.begin(attempt)
    assert (await opened(tmp_path)).running == attempt


async def test_what_became_of_it_outlives_a_crash(ledger: Ledger, tmp_path: Path) -> None:
    attempt = make_asked()
    await ledger.begin(attempt)
    attempt.instance, attempt.state = "i-1", AttemptState.ENDING
    await ledger.save()
    again = await opened(tmp_path)
    assert again.running is None
    assert again.unconfirmed == [attempt]


async def test_nobody_else_may_read_it(ledger: Ledger, tmp_path: Path) -> None:
    await ledger.begin(make_asked())
    file = tmp_path / "ledger"
    assert BEARER in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_second_attempt_is_refused_while_one_runs(ledger: Ledger) -> None:
    attempt = make_asked()
    await ledger.begin(attempt)
    with pytest.raises(LedgerError, match="Wait until"):
        await ledger.begin(make_asked())
    assert ledger.attempts == [attempt]


async def test_one_that_is_being_ended_does_not_hinder_the_next(ledger: Ledger) -> None:
    await ledger.begin(make_launched(state=AttemptState.ENDING))
    await ledger.begin(attempt := make_asked())
    assert ledger.running is attempt


@pytest.mark.parametrize("state", InstanceState)
async def test_an_attempt_is_forgotten_only_once_aws_calls_its_instance_gone(
    ledger: Ledger, tmp_path: Path, state: InstanceState
) -> None:
    attempt = make_launched()
    await ledger.begin(attempt)
    instance = make_instance(attempt, state=state)
    if state in (InstanceState.SHUTTING_DOWN, InstanceState.TERMINATED):
        await ledger.finish(attempt, instance, NOW + 3 * MINUTE)
        assert (await opened(tmp_path)).attempts == []
        assert (attempt.state, attempt.ended) == (AttemptState.GONE, NOW + 3 * MINUTE)
    else:
        with pytest.raises(LedgerError, match="i-1 may be running"):
            await ledger.finish(attempt, instance, NOW)
        assert (await opened(tmp_path)).attempts == [attempt]


async def test_the_end_of_another_instance_ends_no_attempt(ledger: Ledger) -> None:
    attempt = make_launched()
    await ledger.begin(attempt)
    other = make_instance(attempt, id="i-2", state=InstanceState.TERMINATED)
    with pytest.raises(LedgerError, match="i-1 may be running"):
        await ledger.finish(attempt, other, NOW)


async def test_an_attempt_with_an_instance_cannot_be_dropped(ledger: Ledger) -> None:
    attempt = make_launched()
    await ledger.begin(attempt)
    with pytest.raises(LedgerError, match="i-1 may be running"):
        await ledger.drop(attempt)
    assert ledger.running is attempt


async def test_an_attempt_that_launched_nothing_is_dropped_without_a_bill(
    ledger: Ledger, tmp_path: Path
) -> None:
    await ledger.begin(attempt := make_attempt())
    await ledger.drop(attempt)
    again = await opened(tmp_path)
    assert again.attempts == []
    assert again.bills == []


async def test_a_month_is_charged_with_what_began_in_it_by_universal_time(
    ledger: Ledger, tmp_path: Path
) -> None:
    last_second = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
    await ended(ledger, make_launched(instance="i-1", price=0.6), last_second, minutes=10)
    await ended(ledger, make_launched(instance="i-2", price=0.6), NOW, minutes=0)
    await ended(ledger, make_launched(instance="i-3", price=1.2), NOW, minutes=5)
    again = await opened(tmp_path)
    assert again.spent("2026-10") == pytest.approx(0.1)
    assert again.spent("2026-11") == pytest.approx(0.01 + 0.1)
    assert again.spent("2026-12") == 0


async def test_an_instance_is_billed_once_however_often_it_ends(ledger: Ledger) -> None:
    await ended(ledger, make_launched(price=0.6), NOW, minutes=10)
    await ended(ledger, make_launched(price=0.6), NOW, minutes=20)
    assert ledger.spent("2026-11") == pytest.approx(0.2)


async def test_what_aws_says_of_the_end_counts_more_than_when_we_were_told(
    ledger: Ledger,
) -> None:
    await ledger.begin(attempt := make_launched(price=0.6))
    gone = make_instance(
        attempt,
        state=InstanceState.TERMINATED,
        reason="User initiated (2026-11-21 12:05:00 GMT)",
    )
    await ledger.finish(attempt, gone, NOW + timedelta(days=3))
    assert ledger.spent("2026-11") == pytest.approx(0.05)
    assert attempt.ended == NOW + 5 * MINUTE


async def test_a_clock_that_was_set_back_makes_no_instance_cheaper_than_a_minute(
    ledger: Ledger,
) -> None:
    await ended(ledger, make_launched(price=0.6), NOW, minutes=-60)
    assert ledger.spent("2026-11") == pytest.approx(0.01)


async def test_what_still_runs_is_owed_but_not_spent(ledger: Ledger) -> None:
    await ledger.begin(make_launched(price=0.6))
    assert ledger.owed(NOW + 10 * MINUTE) == pytest.approx(0.1)
    assert ledger.spent("2026-11") == 0


async def test_who_comes_back_after_days_owes_no_more_than_until_the_deadline(
    ledger: Ledger,
) -> None:
    await ledger.begin(make_launched(price=0.6))
    assert ledger.owed(NOW + 5000 * MINUTE) == pytest.approx(0.2)


async def test_one_that_aws_has_long_forgotten_is_billed_until_its_deadline(
    ledger: Ledger,
) -> None:
    await ledger.begin(attempt := make_launched(price=0.6))
    await ledger.give_up(attempt)
    assert ledger.attempts == []
    assert ledger.spent("2026-11") == pytest.approx(0.2)


async def test_an_instance_of_nobody_is_billed_at_the_dearest_price_where_none_is_known(
    ledger: Ledger, tmp_path: Path
) -> None:
    gone = make_instance(make_attempt(), type="z9.metal", is_spot=False)
    await ledger.add(Bill.of(gone, NOW + 60 * MINUTE))
    assert (await opened(tmp_path)).spent("2026-11") == pytest.approx(1.006)


async def test_the_file_does_not_grow_for_ever(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.gppde.aws.ledger.BILLS_AT_MOST", 2)
    for number in range(3):
        await ended(ledger, make_launched(instance=f"i-{number}"), NOW, minutes=1)
    assert [bill.instance for bill in ledger.bills] == ["i-1", "i-2"]


@pytest.mark.parametrize("failure", [out_of_space(), read_only(), OSError(5, "I/O error")])
@pytest.mark.parametrize("call", range(2, 5))
async def test_a_failing_disk_lets_no_attempt_begin_and_says_so(
    ledger: Ledger, tmp_path: Path, failure: OSError, call: int
) -> None:
    # The folder is there already, and no part of an earlier write: the third call matters first.
    with disk(error=failure, after=call), pytest.raises(LedgerError, match=str(tmp_path)):
        await ledger.begin(make_asked())
    assert ledger.running is None
    await ledger.begin(attempt := make_asked())
    assert (await opened(tmp_path)).attempts == [attempt]


@pytest.mark.parametrize("call", range(5))
async def test_a_kill_while_it_is_written_leaves_the_old_or_the_new(
    ledger: Ledger, tmp_path: Path, call: int
) -> None:
    attempt = make_asked()
    await ledger.begin(attempt)
    before = make_asked(id=attempt.id, client_token=attempt.client_token)
    attempt.instance = "i-1"
    with disk(error=Killed(), after=call), pytest.raises(Killed):
        await ledger.save()
    assert (await opened(tmp_path)).running in (before, attempt)


async def test_a_ledger_that_was_not_read_is_not_written_over(tmp_path: Path) -> None:
    unread = Ledger(tmp_path / "ledger", at_once)
    with pytest.raises(LedgerError, match="not written over"):
        await unread.begin(make_asked())
    assert unread.running is None
    assert not (tmp_path / "ledger").exists()


async def test_a_ledger_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "ledger").mkdir()
    with pytest.raises(LedgerError, match=str(tmp_path)) as caught:
        await opened(tmp_path)
    assert not isinstance(caught.value, LedgerBrokenError)


async def test_after_a_broken_ledger_was_dealt_with_a_new_one_begins_and_the_old_is_kept(
    ledger: Ledger, tmp_path: Path
) -> None:
    file = tmp_path / "ledger"
    file.write_text("garbled")
    with pytest.raises(LedgerBrokenError, match="AWS's console"):
        await ledger.load()
    await Ledger(file, at_once).start_anew()
    assert (await opened(tmp_path)).attempts == []
    assert (tmp_path / "ledger.broken").read_text() == "garbled"


async def test_a_new_ledger_may_begin_where_none_was(tmp_path: Path) -> None:
    await Ledger(tmp_path / "ledger", at_once).start_anew()
    assert (tmp_path / "ledger").exists()


async def test_a_broken_ledger_that_cannot_be_put_aside_says_so(
    ledger: Ledger, tmp_path: Path
) -> None:
    (tmp_path / "ledger").write_text("garbled")
    (tmp_path / "ledger.broken").mkdir()
    with pytest.raises(LedgerError, match=str(tmp_path)):
        await ledger.start_anew()


async def whole_file(folder: Path) -> bytes:
    """Return a ledger's file that names a running instance and a bill."""
    ledger = await opened(folder)
    await ended(ledger, make_launched(instance="i-0"), NOW, minutes=3)
    await ledger.begin(make_launched())
    return (folder / "ledger").read_bytes()


def read_back(content: bytes) -> Ledger | None:
    """Return what a ledger makes of a file; None: it says that the file is broken."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "ledger").write_bytes(content)
        try:
            return asyncio.run(opened(Path(folder)))
        except LedgerBrokenError:
            return None


with TemporaryDirectory() as _folder:
    WHOLE = asyncio.run(whole_file(Path(_folder)))


@settings(deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_file_never_reads_as_nothing_running(length: int) -> None:
    assert read_back(WHOLE[:length]) is None


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=4))
def test_a_garbled_file_never_reads_as_nothing_running(place: int, garbage: bytes) -> None:
    ledger = read_back(WHOLE[:place] + garbage + WHOLE[place + len(garbage) :])
    assert ledger is None or len(ledger.attempts) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"format": 2, "attempts": [], "bills": []}',
        json.dumps({"format": 1, "attempts": [], "bills": [{}]}).encode(),
        json.dumps({"format": 1, "attempts": [None], "bills": []}).encode(),
    ],
)
def test_what_is_no_ledger_is_not_read_as_an_empty_one(content: bytes) -> None:
    assert read_back(content) is None
