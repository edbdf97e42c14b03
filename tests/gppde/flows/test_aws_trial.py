"""What is a person told of an account that will not do, or not yet?"""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util

from custom_components.gppde.aws.cloud import ON_DEMAND_QUOTA, SPOT_QUOTA

from ..aws.account import KEY, REGION, SECRET
from ..aws.faults import Cut, Fault, Forgotten, Garbled, Slow
from ..aws.proxy import Proxy
from ..aws.request import ACCOUNT
from ..ec2_entries import FORM
from .accounts import ROLE, all_is_there, entered, no_setup, told_by
from .forms import prefilled, start, submit

__all__ = ["all_is_there", "no_setup"]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"access_key": ""}, {"access_key": "access_key_missing"}),
        ({"secret_key": ""}, {"secret_key": "secret_missing"}),
        ({"access_key": "two\nlines"}, {"access_key": "invalid_access_key"}),
        ({"access_key": "clé"}, {"access_key": "invalid_access_key"}),
        ({"region": "Virginia"}, {"region": "invalid_region"}),
        ({"region": "us-east-1a"}, {"region": "invalid_region"}),
        ({"region": ""}, {"region": "invalid_region"}),
        ({"role": "gppde"}, {"role": "invalid_role"}),
        ({"role": f"arn:aws:iam::{ACCOUNT}:user/gppde"}, {"role": "invalid_role"}),
        ({"region": "x", "role": "y"}, {"region": "invalid_region", "role": "invalid_role"}),
    ],
)
async def test_what_cannot_be_right_is_told_without_asking_aws(
    hass: HomeAssistant, aws: Proxy, changes: dict[str, str], errors: dict[str, str]
) -> None:
    form = await entered(hass, **changes)
    assert form["errors"] == errors
    assert aws.calls == []
    assert (await submit(hass, form, FORM))["step_id"] == "confirm"


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (told_by("InvalidClientTokenId", status=403), {"access_key": "keys_refused"}),
        (told_by("ExpiredToken"), {"access_key": "keys_expired"}),
        (told_by("SignatureDoesNotMatch"), {"secret_key": "secret_refused"}),
        (Cut(times=4), {"base": "aws_unanswered"}),
        (Garbled(action="DescribeSubnets"), {"base": "aws_unanswered"}),
        (told_by("UnauthorizedOperation", "DescribeSubnets"), {"base": "aws_forbids"}),
        (told_by("AccessDeniedException", "GetServiceQuota"), {"base": "aws_forbids"}),
        (told_by("Blocked", "DescribeSpotPriceHistory"), {"base": "aws_refuses"}),
        (told_by("ParameterNotFound", "GetParameter"), {"base": "aws_refuses"}),
        (Forgotten(action="DescribeInstanceTypeOfferings"), {"region": "region_without_types"}),
        (Forgotten(action="DescribeSubnets"), {"region": "region_without_types"}),
    ],
)
async def test_what_aws_says_is_told_where_it_is_to_be_changed(
    hass: HomeAssistant, aws: Proxy, fault: Fault, errors: dict[str, str]
) -> None:
    aws.faults.append(fault)
    form = await entered(hass)
    assert form["errors"] == errors
    fault.times = 0
    assert (await submit(hass, form, prefilled(form)))["step_id"] == "confirm"


async def test_the_action_that_a_policy_lacks_is_named(hass: HomeAssistant, aws: Proxy) -> None:
    aws.faults.append(told_by("UnauthorizedOperation", "DescribeSubnets"))
    form = await entered(hass)
    assert form["description_placeholders"]["action"] == "ec2:DescribeSubnets"


async def test_a_region_that_is_not_on_the_list_may_be_typed_in(hass: HomeAssistant) -> None:
    result = await submit(hass, await entered(hass, region=" eu-south-1 "), {})
    assert result["title"] == "Quipgen on EC2 (eu-south-1)"


async def test_a_region_that_nobody_answers_in_may_be_none(hass: HomeAssistant, aws: Proxy) -> None:
    aws.faults.append(Cut(times=4))
    form = await entered(hass, region="us-middle-7")
    assert form["errors"] == {"region": "region_unanswered"}
    assert (await submit(hass, form, FORM))["step_id"] == "confirm"


@pytest.mark.parametrize("action", ["DescribeSubnets", "CreateSecurityGroup"])
async def test_an_aws_that_takes_its_time_is_not_waited_for_long(
    hass: HomeAssistant, aws: Proxy, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    monkeypatch.setattr("custom_components.gppde.flows.aws_trial.PATIENCE", 2)
    aws.faults.append(Slow(action=action, seconds=3))
    form = await entered(hass)
    if form["step_id"] == "confirm":
        form = await submit(hass, form, {})
    assert form["errors"] == {"base": "aws_unanswered"}


async def test_without_keys_the_identity_of_the_machine_is_used(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = await submit(hass, await start(hass, "ec2"), {"region": REGION})
    assert form["errors"] == {"access_key": "no_keys"}

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    result = await submit(hass, await submit(hass, form, prefilled(form)), {})
    assert result["result"].data == {"source": "ec2", "region": REGION}


async def test_a_role_is_assumed_or_told_at_the_role(hass: HomeAssistant, aws: Proxy) -> None:
    aws.faults.append(told_by("AccessDenied", "AssumeRole", status=403))
    form = await entered(hass, role=ROLE)
    assert form["errors"] == {"role": "role_refused"}
    result = await submit(hass, await submit(hass, form, prefilled(form)), {})
    assert result["result"].data["role"] == ROLE


async def test_a_clock_that_is_wrong_is_told(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = SimpleNamespace(utcnow=lambda: dt_util.utcnow() + timedelta(minutes=10))
    monkeypatch.setattr("custom_components.gppde.flows.aws_trial.dt_util", wrong)
    form = await entered(hass)
    assert form["errors"] == {"base": "clock_wrong"}
    assert 590 < int(form["description_placeholders"]["seconds"]) < 610


@pytest.mark.parametrize("missing", [SPOT_QUOTA, ON_DEMAND_QUOTA])
async def test_one_of_the_quotas_is_enough(hass: HomeAssistant, aws: Proxy, missing: str) -> None:
    aws.lacking.quotas[missing] = 0.0
    assert (await entered(hass))["step_id"] == "confirm"


async def test_who_waits_for_a_quota_is_told_how_much_and_may_go_on_all_the_same(
    hass: HomeAssistant, aws: Proxy
) -> None:
    aws.lacking.quotas = {SPOT_QUOTA: 0.0, ON_DEMAND_QUOTA: 2.0}
    form = await entered(hass)
    assert form["errors"] == {"base": "quota_too_small"}
    told = form["description_placeholders"]
    assert (told["vcpus"], told["needed"], told["region"]) == ("2", "4", REGION)

    form = await submit(hass, form, prefilled(form) | {"region": "us-west-2"})
    assert form["errors"] == {"base": "quota_too_small"}, "nobody was told of that region"
    aws.faults.append(told_by("VcpuLimitExceeded", "RunInstances", times=2))
    result = await submit(hass, await submit(hass, form, prefilled(form)), {})
    assert result["result"].data["region"] == "us-west-2"


@pytest.mark.parametrize(
    ("action", "code"),
    [("RunInstances", "UnauthorizedOperation"), ("CreateSecurityGroup", "UnauthorizedOperation")],
)
async def test_a_policy_that_allows_no_launch_is_told_before_the_account_is_kept(
    hass: HomeAssistant, aws: Proxy, action: str, code: str
) -> None:
    aws.faults.append(told_by(code, action, status=403))
    form = await submit(hass, await entered(hass), {})
    assert (form["step_id"], form["errors"]) == ("ec2", {"base": "aws_forbids"})
    assert form["description_placeholders"]["action"] == f"ec2:{action}"
    assert aws.calls.count("DeleteSecurityGroup") == (action == "RunInstances")

    result = await submit(hass, await submit(hass, form, prefilled(form)), {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
