"""Does an instance end, and is it forgotten only once AWS has said so?"""

import pytest

from custom_components.gppde.aws.life import UnconfirmedError
from tests.gppde.faulty_disk import disk, out_of_space

from .faults import REPEATED, Cut, Fault, Forgotten, Lost, Refused
from .household import Household, house
from .proxy import Proxy

__all__ = ["house"]


async def test_ending_forgets_only_after_aws_confirms_and_bills_a_minute_at_least(
    house: Household,
) -> None:
    attempt = await house.launch()
    await house.life.end(attempt)
    await house.life.end(attempt)
    await house.restarted()
    assert house.ledger.attempts == []
    (bill,) = house.ledger.bills
    assert bill.instance == attempt.instance
    assert bill.dollars == pytest.approx(attempt.price / 60)


@pytest.mark.parametrize(
    "faults",
    [
        [Refused(action="TerminateInstances", code="OperationNotPermitted", times=2)],
        [Refused(action="TerminateInstances", code="UnauthorizedOperation", times=2)],
        [Refused(action="TerminateInstances", code="InvalidInstanceID.NotFound", times=3)],
        [Forgotten(action="DescribeInstances", times=4)],
        [Lost(action="TerminateInstances", times=REPEATED)],
        [Cut(action="TerminateInstances", times=2 * REPEATED)],
        [Cut(action="DescribeInstances", times=REPEATED)],
        [Refused(action="", code="RequestLimitExceeded", status=503, times=3 * REPEATED)],
    ],
)
async def test_ending_insists(house: Household, aws: Proxy, faults: list[Fault]) -> None:
    attempt = await house.launch()
    aws.faults = faults
    await house.life.end(attempt)
    assert house.running() == []
    assert house.ledger.attempts == []


@pytest.mark.parametrize(
    ("fault", "is_unknown"),
    [
        (Refused(action="TerminateInstances", code="OperationNotPermitted", times=1000), False),
        (Forgotten(action="DescribeInstances", times=1000), True),
        (Cut(times=1000), False),
    ],
)
async def test_what_aws_does_not_confirm_is_told_by_name_and_never_forgotten(
    house: Household, aws: Proxy, fault: Fault, is_unknown: bool
) -> None:
    attempt = await house.launch()
    # moto does not let what is terminated be terminated again.
    unknown = Refused(action="TerminateInstances", code="InvalidInstanceID.NotFound", times=1000)
    aws.faults = [fault, unknown]
    with pytest.raises(UnconfirmedError, match=f"{attempt.instance}.*AWS's console") as caught:
        await house.life.end(attempt)
    assert caught.value.is_unknown is is_unknown
    assert 60 < house.slept < 150
    await house.restarted()
    assert house.ledger.running is None
    assert house.ledger.unconfirmed == [attempt]


async def test_ending_works_while_the_disk_is_full(
    house: Household, caplog: pytest.LogCaptureFixture
) -> None:
    attempt = await house.launch()
    with disk(error=out_of_space(), times=1000):
        await house.life.end(attempt)
    assert house.running() == []
    assert "lacks the latest news" in caplog.text
    await house.restarted()
    assert house.ledger.running
    assert not await house.life.resume(house.ledger.running)
    assert [bill.instance for bill in house.ledger.bills] == [attempt.instance]
