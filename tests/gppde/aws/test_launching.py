"""Is one instance launched, and never a second, whatever becomes of the answers?"""

import asyncio
import json
from contextlib import ExitStack
from dataclasses import replace

import pytest

from custom_components.gppde.aws.attempt import AttemptState
from custom_components.gppde.aws.errors import (
    AwsError,
    CapacityError,
    CredentialsError,
    ForbiddenError,
    QuotaError,
    RefusedError,
    SpotQuotaError,
    ThrottledError,
    TokenSpentError,
    UnansweredError,
)
from custom_components.gppde.aws.ledger import LedgerError
from custom_components.gppde.aws.life import UnconfirmedError
from custom_components.gppde.aws.mishaps import (
    InstanceLostError,
    StoppedError,
    TooDearError,
)
from tests.gppde.faulty_disk import disk, out_of_space

from .faults import REPEATED, Cut, Fault, Forgotten, Garbled, Lost, Refused
from .household import PLAN, Household, LostAndEnded, Meanwhile, Witness, house
from .proxy import Proxy

__all__ = ["house"]


def tokens(aws: Proxy) -> list[str]:
    """Return the client tokens in the order in which they were used."""
    launches = (call for call in aws.requests if call.action == "RunInstances")
    return list(dict.fromkeys(call.parameters["ClientToken"] for call in launches))


async def test_an_attempt_is_on_disk_with_its_token_before_aws_is_asked(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [
        first := Witness(action="DescribeSecurityGroups", file=house.file),
        then := Witness(action="RunInstances", file=house.file),
    ]
    attempt = await house.launch()
    (planned,) = json.loads(first.seen[0])["attempts"]
    (asked,) = json.loads(then.seen[0])["attempts"]
    assert (planned["id"], planned["state"]) == (attempt.id, "planned")
    assert (asked["id"], asked["state"]) == (attempt.id, "asked")
    assert [asked["client_token"]] == tokens(aws)


async def test_the_attempt_knows_its_instance_and_so_does_the_disk(house: Household) -> None:
    attempt = await house.launch()
    (instance,) = house.instances()
    assert (attempt.instance, attempt.launched) == (instance.id, instance.launched)
    assert (instance.attempt, instance.expires) == (attempt.id, attempt.expires)
    assert attempt.state is AttemptState.LAUNCHED
    await house.restarted()
    assert house.ledger.running == attempt


async def test_nothing_is_launched_while_the_disk_is_full(house: Household, aws: Proxy) -> None:
    ladder = house.ladder()
    for call in (2, 7):
        with disk(error=out_of_space(), after=call), pytest.raises(LedgerError, match="full"):
            await house.life.launch(PLAN, ladder)
        assert house.ledger.attempts == []
    assert "RunInstances" not in aws.calls


async def test_a_second_launch_is_refused_while_one_runs(house: Household, aws: Proxy) -> None:
    await house.launch()
    with pytest.raises(LedgerError, match="Wait until"):
        await house.launch()
    assert len(house.running()) == 1


@pytest.mark.parametrize(
    "faults",
    [
        [Lost(action="RunInstances", times=1)],
        [Lost(action="RunInstances", times=REPEATED)],
        [Lost(action="RunInstances", times=2 * REPEATED)],
        [Lost(action="RunInstances", times=3 * REPEATED)],
        [Cut(action="RunInstances", times=2 * REPEATED)],
        [Garbled(action="RunInstances", times=2)],
        [
            Lost(action="RunInstances", times=1),
            Refused(action="RunInstances", times=REPEATED, code="RequestLimitExceeded", status=503),
        ],
        [Refused(action="RunInstances", times=2 * REPEATED, code="InternalError", status=500)],
        [
            Lost(action="RunInstances", times=REPEATED),
            Refused(action="RunInstances", code="ExpiredToken"),
        ],
        [
            Lost(action="RunInstances", times=REPEATED),
            Refused(action="RunInstances", times=3, code="IdempotentParameterMismatch"),
        ],
        [
            Lost(action="RunInstances", times=3 * REPEATED),
            Forgotten(action="DescribeInstances", times=3),
        ],
        [
            Lost(action="RunInstances", times=3 * REPEATED),
            Cut(action="DescribeInstances", times=REPEATED),
        ],
    ],
)
async def test_a_lost_answer_costs_no_second_instance(
    house: Household, aws: Proxy, faults: list[Fault]
) -> None:
    aws.faults = faults
    attempt = await house.launch()
    assert house.running() == [attempt.instance]
    assert tokens(aws) == [attempt.client_token]
    await house.life.end(attempt)
    assert house.running() == []


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("InsufficientInstanceCapacity", 500, CapacityError),
        ("MaxSpotInstanceCountExceeded", 400, SpotQuotaError),
    ],
)
async def test_each_rung_without_capacity_is_followed_by_the_next_with_a_token_of_its_own(
    house: Household, aws: Proxy, code: str, status: int, error: type[AwsError]
) -> None:
    ladder = house.ladder()
    times = 2 * (REPEATED if status == 500 else 1)
    aws.faults = [Refused(action="RunInstances", code=code, status=status, times=times)]
    attempt = await house.life.launch(PLAN, ladder)
    assert attempt.rung == ladder[2]
    assert house.running() == [attempt.instance]
    assert len(tokens(aws)) == 3
    aws.faults = [Refused(action="RunInstances", code=code, status=status, times=1000)]
    await house.life.end(attempt)
    with pytest.raises(error):
        await house.life.launch(PLAN, ladder)
    assert len(tokens(aws)) == 3 + len(ladder)
    assert house.ledger.attempts == []


async def test_a_rung_that_aws_lacks_after_a_lost_call_is_followed_by_the_next(
    house: Household, aws: Proxy
) -> None:
    ladder = house.ladder()
    aws.faults = [
        Cut(action="RunInstances", times=REPEATED),
        Refused(
            action="RunInstances",
            code="InsufficientInstanceCapacity",
            status=500,
            times=REPEATED,
        ),
    ]
    attempt = await house.life.launch(PLAN, ladder)
    assert attempt.rung == ladder[1]
    assert house.running() == [attempt.instance]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("VcpuLimitExceeded", QuotaError),
        ("UnauthorizedOperation", ForbiddenError),
        ("ExpiredToken", CredentialsError),
        ("InvalidSubnetID.NotFound", RefusedError),
    ],
)
async def test_any_other_refusal_ends_the_attempt_with_its_own_words_and_leaves_nothing(
    house: Household, aws: Proxy, code: str, error: type[AwsError]
) -> None:
    aws.faults = [Refused(action="RunInstances", code=code)]
    with pytest.raises(error):
        await house.launch()
    assert aws.calls.count("RunInstances") == 1
    await house.restarted()
    assert house.ledger.attempts == []
    assert house.ledger.bills == []


async def test_a_group_that_cannot_be_made_ends_the_attempt_before_anything_is_launched(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [Refused(action="CreateSecurityGroup", code="UnauthorizedOperation")]
    with pytest.raises(ForbiddenError):
        await house.launch()
    assert "RunInstances" not in aws.calls
    assert house.ledger.attempts == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Cut(action="RunInstances", times=3 * REPEATED), UnansweredError),
        (
            Refused(action="RunInstances", code="Throttling", status=503, times=1000),
            ThrottledError,
        ),
        (
            Refused(action="RunInstances", code="IdempotentParameterMismatch", times=1000),
            TokenSpentError,
        ),
    ],
)
async def test_what_may_have_been_launched_is_not_forgotten_and_nothing_else_is_launched(
    house: Household, aws: Proxy, fault: Fault, error: type[AwsError]
) -> None:
    aws.faults = [fault]
    with pytest.raises(error):
        await house.launch()
    assert len(tokens(aws)) == 1
    await house.restarted()
    (attempt,) = house.ledger.unconfirmed
    with pytest.raises(UnconfirmedError, match=attempt.id) as caught:
        await house.life.end(attempt)
    assert caught.value.is_unknown
    assert house.ledger.unconfirmed == [attempt]


async def test_nothing_dearer_than_a_person_allows_is_launched(
    house: Household, aws: Proxy
) -> None:
    ladder = [rung for rung in house.ladder() if not rung.is_spot]
    with pytest.raises(TooDearError, match=r"0\.526 dollars an hour"):
        await house.life.launch(replace(PLAN, ceiling=0.5), ladder)
    assert "RunInstances" not in aws.calls
    attempt = await house.life.launch(replace(PLAN, ceiling=0.6), ladder)
    assert attempt.rung
    assert (attempt.rung.type, attempt.price) == ("g4dn.xlarge", 0.526)


async def test_a_spot_price_that_aws_does_not_tell_is_taken_from_the_table(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [Refused(action="DescribeSpotPriceHistory", code="UnauthorizedOperation")]
    assert (await house.launch()).price == 0.37


async def test_what_nobody_knows_the_price_of_is_reckoned_at_what_a_person_allows(
    house: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.gppde.aws.prices.PRICES", {})
    on_demand = [rung for rung in house.ladder() if not rung.is_spot]
    assert (await house.life.launch(replace(PLAN, ceiling=3.0), on_demand)).price == 3.0


async def test_a_region_that_offers_none_of_the_types_says_so(house: Household) -> None:
    with pytest.raises(CapacityError, match="another region"):
        await house.life.launch(PLAN, [])
    assert house.ledger.attempts == []


async def test_an_instance_that_is_dead_when_its_lost_answer_comes_is_not_used(
    house: Household, aws: Proxy
) -> None:
    aws.faults = [LostAndEnded(action="RunInstances", times=3 * REPEATED, house=house)]
    with pytest.raises(InstanceLostError):
        await house.launch()
    assert house.ledger.attempts == []
    assert len(house.ledger.bills) == 1


async def test_a_launch_that_succeeds_while_the_disk_fills_up_is_found_by_the_next_process(
    house: Household, aws: Proxy
) -> None:
    with ExitStack() as stack:

        async def fill() -> None:
            stack.enter_context(disk(error=out_of_space(), times=1000))

        aws.faults = [Meanwhile(action="RunInstances", job=fill)]
        attempt = await house.launch()
    await house.restarted()
    assert house.ledger.running
    assert house.ledger.running.instance is None
    assert await house.life.resume(house.ledger.running)
    assert house.ledger.running.instance == attempt.instance


async def test_a_refill_that_is_stopped_while_aws_is_asked_ends_what_is_launched_then(
    house: Household, aws: Proxy
) -> None:
    asked = asyncio.Event()

    async def let_it_be_cancelled() -> None:
        asked.set()
        await asyncio.sleep(0.05)

    aws.faults = [Meanwhile(action="RunInstances", job=let_it_be_cancelled)]
    launching = asyncio.create_task(house.launch())
    await asked.wait()
    launching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await launching
    assert house.ledger.running
    await house.life.end(house.ledger.running)
    assert house.running() == []
    assert house.ledger.attempts == []
    assert len(house.instances()) == 1


@pytest.mark.parametrize("action", ["DescribeSecurityGroups", "DescribeSpotPriceHistory"])
async def test_a_refill_that_is_ended_while_it_prepares_launches_nothing(
    house: Household, aws: Proxy, action: str
) -> None:
    async def end() -> None:
        assert house.ledger.running
        await house.life.end(house.ledger.running)

    aws.faults = [Meanwhile(action=action, job=end)]
    with pytest.raises(StoppedError):
        await house.launch()
    assert "RunInstances" not in aws.calls
    assert house.ledger.attempts == []
