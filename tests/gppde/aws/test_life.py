"""One instance's life: is it launched once, and does it end, whatever becomes of the answers?"""

from datetime import timedelta

import pytest

from custom_components.gppde.aws.errors import ForbiddenError, RefusedError
from custom_components.gppde.aws.life import UnconfirmedError
from custom_components.gppde.aws.mishaps import AddressError, InstanceLostError

from .faults import REPEATED, Cut, Forgotten, Refused
from .household import PLAN, Household, Witness, house
from .launching import BEARER
from .proxy import Proxy

__all__ = ["house"]


async def test_an_ordinary_life_makes_these_calls(house: Household, aws: Proxy) -> None:
    ladder = house.ladder()
    aws.requests.clear()
    attempt = await house.life.launch(PLAN, ladder)
    assert await house.life.address(attempt)
    await house.life.end(attempt)
    assert aws.calls == [
        "DescribeSecurityGroups",
        "CreateSecurityGroup",
        "DescribeSecurityGroups",
        "DescribeSecurityGroupRules",
        "AuthorizeSecurityGroupIngress",
        "DescribeSpotPriceHistory",
        "DescribeImages",
        "RunInstances",
        "DescribeInstances",
        "TerminateInstances",
        "DescribeInstances",
    ]


async def test_an_address_is_waited_for_while_aws_does_not_know_the_instance_yet(
    house: Household, aws: Proxy
) -> None:
    attempt = await house.launch()
    aws.faults = [
        Forgotten(action="DescribeInstances", times=10),
        Cut(action="DescribeInstances", times=REPEATED),
    ]
    assert await house.life.address(attempt) == house.instances()[0].address
    assert 20 <= house.slept < 30


async def test_an_address_is_not_waited_for_without_end(house: Household, aws: Proxy) -> None:
    attempt = await house.launch()
    aws.faults = [Forgotten(action="DescribeInstances", times=1000)]
    with pytest.raises(AddressError, match=f"{attempt.instance} got no public address"):
        await house.life.address(attempt)
    assert house.slept < 150
    assert house.ledger.running is attempt


async def test_an_instance_that_aws_takes_back_is_billed_and_its_loss_told(
    house: Household,
) -> None:
    attempt = await house.launch()
    await house.life.look(attempt)
    house.cloud.terminate(attempt.instance or "")
    with pytest.raises(InstanceLostError, match=f"{attempt.instance}.*initiated"):
        await house.life.look(attempt)
    assert house.ledger.attempts == []
    assert [bill.instance for bill in house.ledger.bills] == [attempt.instance]


async def test_after_a_restart_an_instance_with_time_left_goes_on(house: Household) -> None:
    attempt = await house.launch()
    await house.restarted()
    assert house.ledger.running
    assert await house.life.resume(house.ledger.running)
    assert house.ledger.running.address == house.instances()[0].address
    assert house.ledger.running.bearer == BEARER
    assert house.running() == [attempt.instance]


@pytest.mark.parametrize("step", [timedelta(minutes=19, seconds=30), timedelta(hours=-1)])
async def test_after_a_restart_an_instance_without_time_left_is_ended(
    house: Household, step: timedelta
) -> None:
    await house.launch()
    await house.restarted()
    house.step = step
    assert house.ledger.running
    assert not await house.life.resume(house.ledger.running)
    assert house.running() == []
    assert house.ledger.attempts == []


async def test_after_a_restart_an_instance_that_ended_meanwhile_is_billed(
    house: Household,
) -> None:
    attempt = await house.launch()
    house.cloud.terminate(attempt.instance or "")
    await house.restarted()
    assert house.ledger.running
    assert not await house.life.resume(house.ledger.running)
    assert house.ledger.attempts == []
    assert len(house.ledger.bills) == 1


async def test_a_process_that_died_while_it_asked_finds_what_was_launched(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [witness := Witness(action="RunInstances", file=house.file)]
    await house.launch()
    house.file.write_text(witness.seen[0])
    await house.restarted()
    assert house.ledger.running
    assert house.ledger.running.instance is None
    aws.faults = [Forgotten(action="DescribeInstances", times=3)]
    assert await house.life.resume(house.ledger.running)
    assert house.running() == [house.ledger.running.instance]


async def test_a_process_that_died_before_it_asked_has_nothing_to_end(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [
        witness := Witness(action="CreateSecurityGroup", file=house.file),
        Refused(action="RunInstances", code="UnauthorizedOperation"),
    ]
    with pytest.raises(ForbiddenError):
        await house.launch()
    house.file.write_text(witness.seen[0])
    await house.restarted()
    aws.requests.clear()
    assert house.ledger.running
    assert not await house.life.resume(house.ledger.running)
    assert house.ledger.attempts == []
    assert aws.calls == []


async def test_after_a_restart_an_instance_that_aws_does_not_show_is_not_forgotten(
    house: Household, aws: Proxy
) -> None:
    attempt = await house.launch()
    await house.restarted()
    aws.faults = [Forgotten(action="DescribeInstances", times=1000)]
    assert house.ledger.running
    with pytest.raises(UnconfirmedError, match=attempt.instance):
        await house.life.resume(house.ledger.running)
    assert len(house.ledger.unconfirmed) == 1


async def test_no_secret_is_shown_by_what_fails(
    house: Household, aws: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    aws.faults = [Refused(action="RunInstances", code="InvalidParameterValue", message=BEARER[:3])]
    with pytest.raises(RefusedError) as caught:
        await house.launch()
    assert BEARER not in f"{caught.value!r} {caplog.text}"
    assert BEARER not in repr(PLAN)
