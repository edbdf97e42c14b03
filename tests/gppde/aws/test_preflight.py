"""Is a person told before the first launch what it would fail for?"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from custom_components.gppde.aws.aws_time import aws_time
from custom_components.gppde.aws.check import Check, CheckKey, Outcome, may_launch
from custom_components.gppde.aws.clients import Clients
from custom_components.gppde.aws.cloud import Cloud, CloudConfig
from custom_components.gppde.aws.instance import RESOLVE
from custom_components.gppde.aws.preflight import Preflight
from custom_components.gppde.aws.prices import PRICES
from custom_components.gppde.aws.wanted import VCPUS, Wanted

from .account import KEY, REGION, SECRET
from .faults import Refused
from .lacking import ON_DEMAND_QUOTA, PUBLIC_IMAGE, SPOT_QUOTA
from .launching import ADDRESS, HOME, PORT
from .proxy import Proxy
from .request import ACCOUNT

WANTED = Wanted(
    region=REGION,
    home=HOME,
    types=["g6.xlarge", "g4dn.xlarge"],
    spot_first=True,
    image=RESOLVE + PUBLIC_IMAGE,
    volume_gib=60,
    port=PORT,
    ceiling=1.0,
    budget=5.0,
    spent=0.0,
    address=ADDRESS,
)


async def run[T](job: Callable[[], T]) -> T:
    return await asyncio.to_thread(job)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def preflight(cloud: Cloud) -> Preflight:
    clients = Clients(CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET))
    return Preflight(
        cloud=cloud,
        firewall=cloud.firewall(HOME),
        wanted=WANTED,
        run=run,
        clock=now,
        aws_time=lambda: aws_time(clients),
    )


async def looked(preflight: Preflight) -> dict[CheckKey, Check]:
    return {check.key: check for check in await preflight.look()}


async def failed(preflight: Preflight) -> list[CheckKey]:
    return [key for key, check in (await looked(preflight)).items() if not check.passed]


async def test_a_good_account_passes_everything(preflight: Preflight) -> None:
    checks = await preflight.look()
    assert [check.key for check in checks] == list(CheckKey)
    assert {check.outcome for check in checks} == {Outcome.PASSED}
    assert may_launch(checks)


async def test_nothing_is_launched(preflight: Preflight, cloud: Cloud, aws: Proxy) -> None:
    await preflight.look()
    assert cloud.instances(HOME) == []
    launches = [call.parameters for call in aws.requests if call.action == "RunInstances"]
    assert [launch["DryRun"] for launch in launches] == ["true"] * 4


async def test_each_type_is_rehearsed_as_spot_and_on_demand(
    preflight: Preflight, aws: Proxy
) -> None:
    """Else a policy that lacks one of them would be found out in the night."""
    await preflight.look()
    launches = [call.parameters for call in aws.requests if call.action == "RunInstances"]
    markets = [
        (each["InstanceType"], "InstanceMarketOptions.MarketType" in each) for each in launches
    ]
    assert markets == [
        ("g6.xlarge", True),
        ("g6.xlarge", False),
        ("g4dn.xlarge", True),
        ("g4dn.xlarge", False),
    ]


async def test_it_asks_aws_these_questions(preflight: Preflight, aws: Proxy) -> None:
    await preflight.look()
    assert sorted(set(aws.calls)) == [
        "AuthorizeSecurityGroupIngress",
        "CreateSecurityGroup",
        "DescribeImages",
        "DescribeInstanceTypeOfferings",
        "DescribeSecurityGroupRules",
        "DescribeSecurityGroups",
        "DescribeSpotPriceHistory",
        "DescribeSubnets",
        "GetCallerIdentity",
        "GetParameter",
        "GetServiceQuota",
        "RunInstances",
    ]


async def test_a_second_look_finds_the_same(preflight: Preflight, aws: Proxy) -> None:
    first = [check.outcome for check in await preflight.look()]
    assert [check.outcome for check in await preflight.look()] == first
    assert aws.calls.count("CreateSecurityGroup") == 1


async def test_without_valid_keys_nothing_else_is_asked(preflight: Preflight, aws: Proxy) -> None:
    aws.faults.append(Refused(action="GetCallerIdentity", code="InvalidClientTokenId", status=403))
    [check] = await preflight.look()
    assert check.sentence == "identity_refused"
    assert "AWS does not take the keys" in str(check.refusal)
    assert aws.calls == ["GetCallerIdentity"]
    assert not may_launch([check])


async def test_who_we_are_is_told(preflight: Preflight) -> None:
    checks = await looked(preflight)
    assert checks[CheckKey.IDENTITY].placeholders == {"account": ACCOUNT}


async def test_a_new_account_may_run_nothing(preflight: Preflight, aws: Proxy) -> None:
    aws.lacking.quotas = {SPOT_QUOTA: 0.0, ON_DEMAND_QUOTA: 0.0}
    checks = await looked(preflight)
    assert checks[CheckKey.ON_DEMAND_QUOTA].sentence == "on_demand_quota_failed"
    assert checks[CheckKey.ON_DEMAND_QUOTA].placeholders == {
        "vcpus": "0",
        "needed": "4",
        "code": ON_DEMAND_QUOTA,
        "region": REGION,
    }
    assert not may_launch(checks.values())


@pytest.mark.parametrize("missing", [SPOT_QUOTA, ON_DEMAND_QUOTA])
async def test_one_of_the_quotas_is_enough(preflight: Preflight, aws: Proxy, missing: str) -> None:
    aws.lacking.quotas[missing] = 0.0
    checks = await preflight.look()
    assert [check.placeholders["code"] for check in checks if not check.passed] == [missing]
    assert may_launch(checks)


def test_of_each_type_the_price_and_the_size_are_known() -> None:
    assert set(VCPUS) == set(PRICES)


async def test_the_smallest_type_tells_what_is_needed(preflight: Preflight, aws: Proxy) -> None:
    aws.lacking.quotas[ON_DEMAND_QUOTA] = 4.0
    preflight.wanted = replace(WANTED, types=["g6f.2xlarge"])
    assert CheckKey.ON_DEMAND_QUOTA in await failed(preflight)


async def test_who_does_not_want_spot_needs_no_quota_for_it(
    preflight: Preflight, aws: Proxy
) -> None:
    aws.lacking.quotas[SPOT_QUOTA] = 0.0
    preflight.wanted = replace(WANTED, spot_first=False)
    checks = await looked(preflight)
    assert CheckKey.SPOT_QUOTA not in checks
    assert may_launch(checks.values())
    assert aws.calls.count("RunInstances") == len(WANTED.types)


async def test_a_region_may_lack_the_types(preflight: Preflight) -> None:
    preflight.wanted = replace(WANTED, types=["g99.xlarge"])
    checks = await looked(preflight)
    assert checks[CheckKey.PLACEMENTS].placeholders["types"] == "g99.xlarge"
    assert not checks[CheckKey.PLACEMENTS].passed
    assert not {CheckKey.PRICE, CheckKey.BUDGET, CheckKey.REHEARSAL} & checks.keys()
    assert not may_launch(checks.values())


async def test_a_policy_that_allows_no_launch_is_known_in_time(
    preflight: Preflight, aws: Proxy
) -> None:
    aws.faults.append(Refused(action="RunInstances", code="UnauthorizedOperation", status=403))
    checks = await looked(preflight)
    assert checks[CheckKey.REHEARSAL].outcome is Outcome.REFUSED
    assert "ec2:RunInstances" in str(checks[CheckKey.REHEARSAL].refusal)
    assert not may_launch(checks.values())


@pytest.mark.parametrize(
    ("action", "key", "left_out"),
    [
        ("DescribeSubnets", CheckKey.PLACEMENTS, {"price", "budget", "rehearsal"}),
        ("GetServiceQuota", CheckKey.SPOT_QUOTA, set()),
        ("DescribeSpotPriceHistory", CheckKey.PRICE, {"budget"}),
        ("DescribeImages", CheckKey.IMAGE, {"rehearsal"}),
        ("AuthorizeSecurityGroupIngress", CheckKey.SECURITY_GROUP, {"rehearsal"}),
    ],
)
async def test_what_the_policy_lacks_is_named_and_the_rest_is_looked_at(
    preflight: Preflight, aws: Proxy, action: str, key: CheckKey, left_out: set[str]
) -> None:
    aws.faults.append(Refused(action=action, code="UnauthorizedOperation", status=403))
    checks = await looked(preflight)
    assert [each for each, check in checks.items() if not check.passed] == [key]
    assert action in str(checks[key].refusal)
    assert set(CheckKey) - checks.keys() == left_out


async def test_an_image_that_does_not_exist_is_named(preflight: Preflight, aws: Proxy) -> None:
    aws.lacking.parameters.clear()
    checks = await looked(preflight)
    assert checks[CheckKey.IMAGE].sentence == "image_refused"
    assert CheckKey.REHEARSAL not in checks


async def test_a_home_without_an_address_gets_no_hole_in_its_wall(
    preflight: Preflight, aws: Proxy
) -> None:
    preflight.wanted = replace(WANTED, address=None)
    checks = await looked(preflight)
    assert not checks[CheckKey.ADDRESS].passed
    assert not {CheckKey.SECURITY_GROUP, CheckKey.REHEARSAL} & checks.keys()
    assert "CreateSecurityGroup" not in aws.calls


async def test_a_ceiling_below_every_price_is_told(preflight: Preflight) -> None:
    preflight.wanted = replace(WANTED, ceiling=0.000001)
    checks = await looked(preflight)
    assert [key for key, check in checks.items() if not check.passed] == [CheckKey.PRICE]
    assert checks[CheckKey.PRICE].placeholders["ceiling"] == "1e-06"
    assert checks[CheckKey.PRICE].placeholders["type"] in WANTED.types


async def test_on_demand_the_table_tells_the_price(preflight: Preflight) -> None:
    preflight.wanted = replace(WANTED, spot_first=False, ceiling=0.6)
    checks = await looked(preflight)
    assert checks[CheckKey.PRICE].placeholders == {
        "price": "0.526",
        "type": "g4dn.xlarge",
        "ceiling": "0.6",
    }


async def test_a_budget_that_is_spent_is_told(preflight: Preflight) -> None:
    preflight.wanted = replace(WANTED, spot_first=False, budget=5.0, spent=4.9)
    checks = await looked(preflight)
    assert [key for key, check in checks.items() if not check.passed] == [CheckKey.BUDGET]
    assert checks[CheckKey.BUDGET].placeholders == {"left": "0.10", "needed": "0.18"}


@pytest.mark.parametrize("minutes", [-10, 10])
async def test_a_clock_that_is_wrong_is_told(preflight: Preflight, minutes: int) -> None:
    preflight.clock = lambda: now() + timedelta(minutes=minutes)
    checks = await looked(preflight)
    assert [key for key, check in checks.items() if not check.passed] == [CheckKey.CLOCK]
    assert 598 <= int(checks[CheckKey.CLOCK].placeholders["seconds"]) <= 602


async def test_a_slow_answer_is_no_wrong_clock(preflight: Preflight) -> None:
    """AWS may have told its time at any moment between our question and its answer."""
    start = now()
    times = iter([start, start + timedelta(minutes=5)])
    preflight.clock = lambda: next(times, start)
    preflight.aws_time = lambda: start + timedelta(minutes=2)
    assert await failed(preflight) == []
