"""The action `gppde.preflight`: what must be true before the first launch, listed in words."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.errors import SourceError

from ..aws.account import REGION
from ..aws.faults import Refused
from ..aws.lacking import IMAGE, ON_DEMAND_QUOTA, SPOT_QUOTA
from ..aws.proxy import Proxy
from ..aws.request import ACCOUNT
from ..ec2_entries import make_ec2_entry
from ..helpers import RecordingPlayer, make_entry, put_on_disk, set_up

HOME_ADDRESS = "203.0.113.5"
ADDRESS = "custom_components.gppde.ec2.preflight_report.home_address"
TITLES = [
    "Keys",
    "Clock",
    "Instance types",
    "Quota for spot instances",
    "Quota for instances on demand",
    "Price ceiling",
    "Budget",
    "Image",
    "This home's address",
    "Security group",
    "Rehearsal of a launch",
]


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    async def home_address(_: object) -> str:
        return HOME_ADDRESS

    monkeypatch.setattr(ADDRESS, home_address)


async def set_up_ec2(hass: HomeAssistant, **options: Any) -> None:
    """Let an entry wait with a stock that is full, so that nothing but the preflight asks AWS."""
    put_on_disk(hass, *(f"Line {n}." for n in range(10)))
    await set_up(hass, make_ec2_entry(hass, options=options))
    await hass.async_block_till_done(wait_background_tasks=True)


async def preflight(hass: HomeAssistant) -> dict[str, Any]:
    answer = await hass.services.async_call(
        DOMAIN, "preflight", blocking=True, return_response=True
    )
    return dict(answer or {})


async def sentences(hass: HomeAssistant) -> dict[str, str]:
    """Return what is told of each check that failed."""
    checks = (await preflight(hass))["checks"]
    return {check["check"]: check["sentence"] for check in checks if not check["passed"]}


async def test_a_good_account_passes_and_is_told_so_in_words(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy
) -> None:
    await set_up_ec2(hass)
    answer = await preflight(hass)
    for check in answer["checks"]:
        verdict = "pass" if check["passed"] else "FAIL"
        print(f"{verdict}  {check['title']}: {check['sentence']}")  # noqa: T201  pytest -s shows it
    assert answer["may_launch"]
    assert [check["title"] for check in answer["checks"]] == TITLES
    assert all(check["passed"] for check in answer["checks"])
    told = {check["check"]: check["sentence"] for check in answer["checks"]}
    assert told["identity"] == f"The keys are valid, for the account {ACCOUNT}."
    assert told["placements"] == f"{REGION} lends g6.xlarge, g4dn.xlarge."
    assert told["address"] == f"This home is seen as {HOME_ADDRESS}."
    assert IMAGE in told["image"]
    assert not any("{" in sentence for sentence in told.values())


async def test_it_launches_nothing_and_tells_what_it_makes(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, cloud: Cloud
) -> None:
    await set_up_ec2(hass)
    [group] = [
        check["sentence"]
        for check in (await preflight(hass))["checks"]
        if check["check"] == "security_group"
    ]
    launches = [call for call in aws.requests if call.action == "RunInstances"]
    assert all(call.parameters["DryRun"] == "true" for call in launches)
    assert aws.calls.count("CreateSecurityGroup") == 1
    assert "sg-" in group
    assert f"lets {HOME_ADDRESS} in and nobody else" in group


async def test_a_new_account_is_told_what_to_ask_aws_for(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy
) -> None:
    aws.lacking.quotas = {SPOT_QUOTA: 0.0, ON_DEMAND_QUOTA: 0.0}
    await set_up_ec2(hass)
    assert not (await preflight(hass))["may_launch"]
    told = await sentences(hass)
    assert told["on_demand_quota"] == (
        f"Your account may run 0 GPU vCPUs on demand in {REGION}. "
        f"Ask AWS for 4 (Service Quotas, Amazon EC2, {ON_DEMAND_QUOTA})."
    )


async def test_what_a_person_chose_is_what_is_looked_at(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy
) -> None:
    await set_up_ec2(hass, types=["g99.xlarge"], ceiling=0.5)
    told = await sentences(hass)
    assert told["placements"].startswith(f"{REGION} lends none of g99.xlarge in a zone")


async def test_what_aws_refuses_is_told_in_its_words(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy
) -> None:
    await set_up_ec2(hass)
    aws.faults.append(
        Refused(action="DescribeSubnets", code="UnauthorizedOperation", status=403, times=9)
    )
    told = await sentences(hass)
    assert told["placements"].startswith(f"AWS does not tell what it lends in {REGION}. ")
    assert "ec2:DescribeSubnets" in told["placements"]


async def test_keys_that_are_refused_are_all_that_is_told(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy
) -> None:
    await set_up_ec2(hass)
    aws.faults.append(
        Refused(action="GetCallerIdentity", code="InvalidClientTokenId", status=403, times=9)
    )
    answer = await preflight(hass)
    [check] = answer["checks"]
    assert "AWS does not take the keys" in check["sentence"]
    assert not answer["may_launch"]


async def test_a_home_whose_address_nobody_tells_is_told_so(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody_tells(_: object) -> str:
        raise SourceError("No answer.")

    monkeypatch.setattr(ADDRESS, nobody_tells)
    await set_up_ec2(hass)
    assert "public IPv4 address cannot be found out" in (await sentences(hass))["address"]
    assert "CreateSecurityGroup" not in aws.calls


async def test_for_a_server_that_runs_already_there_is_nothing_to_look_at(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(10)))
    await set_up(hass, make_entry(hass))
    with pytest.raises(ServiceValidationError, match="nothing to look at"):
        await preflight(hass)


async def test_without_an_entry_it_says_so(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError, match="GPPDE is not running"):
        await preflight(hass)
