"""Does everything end that should not run, and nothing that should?"""

import asyncio
from datetime import timedelta

import pytest

from custom_components.gppde.aws.errors import RefusedError, UnansweredError
from custom_components.gppde.aws.ledger import LedgerBrokenError
from custom_components.gppde.aws.reconcile import Findings
from tests.gppde.faulty_disk import disk, out_of_space

from .faults import Cut, Fault, Forgotten, Lost, Refused
from .household import Household, Meanwhile, house
from .launching import launched
from .proxy import Proxy

__all__ = ["house"]

TEN_MINUTES = 600


async def ten_minutes_later(house: Household) -> Findings:
    house.slept += TEN_MINUTES
    return await house.reconciler.look()


async def test_where_all_is_well_a_look_is_one_call(house: Household, aws: Proxy) -> None:
    assert await house.reconciler.look() == Findings()
    assert aws.calls == ["DescribeInstances"]


async def test_a_running_instance_with_time_left_is_left_alone(house: Household) -> None:
    attempt = await house.launch()
    assert await house.reconciler.look() == Findings()
    assert await ten_minutes_later(house) == Findings()
    assert house.running() == [attempt.instance]


async def test_a_running_instance_of_which_only_the_attempt_is_known_is_left_alone(
    house: Household, aws: Proxy
) -> None:
    async def look() -> None:
        for _ in range(2):
            assert await house.reconciler.look() == Findings()
            house.slept += 61

    aws.faults = [
        Lost(action="RunInstances", times=4),
        Meanwhile(action="RunInstances", job=look),
    ]
    attempt = await house.launch()
    assert house.running() == [attempt.instance]


async def test_an_instance_of_nobody_is_ended_at_the_second_look_and_billed(
    house: Household,
) -> None:
    stranger = launched(house.cloud)
    assert await house.reconciler.look() == Findings(suspects=[stranger.id])
    assert house.running() == [stranger.id]
    assert await ten_minutes_later(house) == Findings(ended=[stranger.id])
    assert house.running() == []
    await house.restarted()
    assert [bill.instance for bill in house.ledger.bills] == [stranger.id]
    assert await ten_minutes_later(house) == Findings()


async def test_two_looks_within_a_minute_count_as_one(house: Household) -> None:
    stranger = launched(house.cloud)
    for _ in range(3):
        assert await house.reconciler.look() == Findings(suspects=[stranger.id])
        house.slept += 15
        house.step += timedelta(days=1)
    house.slept += 15
    assert await house.reconciler.look() == Findings(ended=[stranger.id])


async def test_what_was_not_suspect_in_between_is_looked_at_twice_again(
    house: Household, aws: Proxy
) -> None:
    stranger = launched(house.cloud)
    await house.reconciler.look()
    aws.faults = [Forgotten(action="DescribeInstances", times=1)]
    assert await ten_minutes_later(house) == Findings()
    assert await ten_minutes_later(house) == Findings(suspects=[stranger.id])


async def test_an_instance_of_another_home_is_none_of_our_business(house: Household) -> None:
    other = launched(house.cloud, home="home-2")
    assert await house.reconciler.sweep() == Findings()
    assert not house.cloud.instance(other.id).is_gone  # type: ignore[union-attr]


async def test_a_second_instance_of_the_running_attempt_is_ended_and_the_first_is_not(
    house: Household,
) -> None:
    attempt = await house.launch()
    second = launched(house.cloud, attempt=attempt.id)
    assert (await house.reconciler.sweep()).ended == [second.id]
    assert house.running() == [attempt.instance]


async def test_a_sweep_takes_two_looks_a_minute_apart_and_only_where_something_is_suspect(
    house: Household,
) -> None:
    assert await house.reconciler.sweep() == Findings()
    assert house.slept == 0
    stranger = launched(house.cloud)
    assert await house.reconciler.sweep() == Findings(ended=[stranger.id])
    assert 60 < house.slept < 65


@pytest.mark.parametrize("step", [timedelta(minutes=21), timedelta(days=30), timedelta(days=-30)])
async def test_an_instance_past_its_time_or_under_a_clock_gone_mad_is_ended_once(
    house: Household, aws: Proxy, step: timedelta
) -> None:
    attempt = await house.launch()
    house.step = step
    assert await house.reconciler.look() == Findings(suspects=[attempt.instance or ""])
    assert await ten_minutes_later(house) == Findings(ended=[attempt.instance or ""])
    assert await ten_minutes_later(house) == Findings()
    assert aws.calls.count("TerminateInstances") == 1
    assert house.running() == []
    assert house.ledger.attempts == []


async def test_a_clock_that_is_set_back_again_and_again_does_not_keep_an_instance_alive(
    house: Household,
) -> None:
    await house.launch()
    for _ in range(4):
        await house.reconciler.look()
        house.slept += TEN_MINUTES
        house.step -= timedelta(minutes=10)
    assert house.running() == []
    assert house.ledger.attempts == []


async def test_an_attempt_whose_refill_forgot_it_is_billed_once_its_time_is_over(
    house: Household,
) -> None:
    attempt = await house.launch()
    house.cloud.terminate(attempt.instance or "")
    assert await house.reconciler.look() == Findings()
    house.slept += 1300
    assert (await house.reconciler.sweep()).ended == [attempt.instance]
    assert house.ledger.attempts == []
    assert len(house.ledger.bills) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Refused(action="TerminateInstances", code="OperationNotPermitted", times=1000),
        Cut(action="TerminateInstances", times=1000),
    ],
)
async def test_what_aws_does_not_end_is_named_until_it_does(
    house: Household, aws: Proxy, fault: Fault
) -> None:
    stranger = launched(house.cloud)
    attempt = await house.launch()
    await house.reconciler.look()
    aws.faults = [fault]
    for _ in range(4):
        findings = await ten_minutes_later(house)
    assert findings == Findings(unconfirmed=[attempt.instance or "", stranger.id])
    aws.faults = []
    assert (await ten_minutes_later(house)).ended == [attempt.instance, stranger.id]
    assert house.running() == []
    assert house.ledger.attempts == []


async def test_an_attempt_that_could_not_be_ended_is_ended_at_the_next_look_without_grace(
    house: Household, aws: Proxy
) -> None:
    attempt = await house.launch()
    aws.faults = [Cut(times=1000)]
    with pytest.raises(Exception, match=attempt.instance):
        await house.life.end(attempt)
    await house.restarted()
    aws.faults = []
    assert await house.reconciler.look() == Findings(ended=[attempt.instance or ""])
    assert house.ledger.attempts == []


async def test_an_instance_that_appears_long_after_its_launch_was_given_up_is_ended(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [
        Lost(action="RunInstances", times=12),
        Forgotten(action="DescribeInstances", times=9),
    ]
    with pytest.raises(UnansweredError):
        await house.launch()
    (attempt,) = house.ledger.unconfirmed
    assert await ten_minutes_later(house) == Findings(missing=[attempt.id])
    assert house.ledger.unconfirmed == [attempt]
    findings = await ten_minutes_later(house)
    assert findings == Findings(ended=[attempt.instance or ""])
    assert house.running() == []
    assert house.ledger.attempts == []


@pytest.mark.parametrize("was_launched", [True, False])
async def test_what_aws_has_not_known_for_half_an_hour_of_looks_is_no_more(
    house: Household, aws: Proxy, was_launched: bool
) -> None:
    if was_launched:
        await house.launch()
    else:
        aws.faults = [Cut(action="RunInstances", times=12)]
        with pytest.raises(UnansweredError):
            await house.launch()
    house.slept += 24 * 3600
    aws.faults = [
        Forgotten(action="DescribeInstances", times=1000),
        Refused(action="TerminateInstances", code="InvalidInstanceID.NotFound", times=1000),
    ]
    await house.restarted()
    looks = 0
    while house.ledger.attempts:
        await ten_minutes_later(house)
        looks += 1
    assert looks == (5 if was_launched else 4)
    await house.restarted()
    assert house.ledger.attempts == []
    assert len(house.ledger.bills) == was_launched


async def test_time_in_which_aws_does_not_answer_is_not_time_in_which_it_knows_nothing(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [Cut(action="RunInstances", times=12)]
    with pytest.raises(UnansweredError):
        await house.launch()
    for _ in range(10):
        aws.faults = [Cut(action="DescribeInstances", times=4)]
        with pytest.raises(UnansweredError):
            await ten_minutes_later(house)
    await ten_minutes_later(house)
    assert len(house.ledger.unconfirmed) == 1


async def test_a_look_that_aws_refuses_says_so(house: Household, aws: Proxy) -> None:
    aws.faults = [Refused(action="DescribeInstances", code="InvalidParameterValue")]
    with pytest.raises(RefusedError):
        await house.reconciler.look()


async def test_with_a_broken_ledger_all_ends_and_a_new_ledger_knows_what_it_cost(
    house: Household,
) -> None:
    attempt = await house.launch()
    house.file.write_bytes(house.file.read_bytes()[:-20])
    with pytest.raises(LedgerBrokenError):
        await house.restarted()
    assert await house.reconciler.sweep() == Findings(ended=[attempt.instance or ""])
    await house.ledger.start_anew()
    await house.restarted()
    assert house.ledger.attempts == []
    assert house.running() == []
    assert [bill.instance for bill in house.ledger.bills] == [attempt.instance]


async def test_strangers_end_while_the_disk_is_full(house: Household) -> None:
    stranger = launched(house.cloud)
    with disk(error=out_of_space(), times=1000):
        assert (await house.reconciler.sweep()).ended == [stranger.id]


async def test_looks_take_turns(house: Household, aws: Proxy) -> None:
    stranger = launched(house.cloud)
    await house.reconciler.look()
    house.slept += TEN_MINUTES
    first, second = await asyncio.gather(house.reconciler.look(), house.reconciler.look())
    assert (first, second) == (Findings(ended=[stranger.id]), Findings())
    assert aws.calls.count("TerminateInstances") == 1
