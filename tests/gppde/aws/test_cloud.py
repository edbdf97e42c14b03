"""An account at AWS, as moto plays it: what is asked, and what comes of it."""

from dataclasses import replace

import pytest

from custom_components.gppde.aws.cloud import (
    ON_DEMAND_QUOTA,
    SPOT_QUOTA,
    Cloud,
    CloudConfig,
)
from custom_components.gppde.aws.errors import (
    ForbiddenError,
    TokenSpentError,
    UnansweredError,
    UnknownInstanceError,
)
from custom_components.gppde.aws.instance import InstanceState

from .account import REGION
from .faults import Cut, Forgotten, Lost, Refused
from .launching import HOME, LAUNCH, a_launch, launched
from .proxy import Proxy

PREPARED = [
    "DescribeSecurityGroups",
    "CreateSecurityGroup",
    "DescribeSecurityGroups",
    "DescribeSecurityGroupRules",
    "AuthorizeSecurityGroupIngress",
    "DescribeSubnets",
    "DescribeInstanceTypeOfferings",
]
"""What `a_launch` asks before a launch."""


def test_the_keys_tell_whose_they_are(cloud: Cloud, aws: Proxy) -> None:
    assert cloud.identity() == "123456789012"
    assert aws.calls == ["GetCallerIdentity"]


def test_an_account_that_is_only_spoken_of_costs_no_call(aws: Proxy) -> None:
    Cloud(CloudConfig(region=REGION)).firewall(HOME)

    assert aws.calls == []


def test_a_launch_makes_one_instance_that_bears_its_tags(cloud: Cloud, aws: Proxy) -> None:
    instance = cloud.launch(a_launch(cloud))

    assert aws.calls == [*PREPARED, "DescribeImages", "RunInstances"]
    assert (instance.home, instance.attempt) == (LAUNCH.home, LAUNCH.attempt)
    assert instance.expires == LAUNCH.expires
    assert instance.state is InstanceState.PENDING
    assert (instance.type, instance.zone) == (LAUNCH.type, "us-east-1a")
    assert instance.is_spot
    assert cloud.instances(HOME) == [replace(instance, state=InstanceState.RUNNING)]


def test_a_rehearsal_launches_nothing(cloud: Cloud, aws: Proxy) -> None:
    cloud.rehearse(a_launch(cloud))

    assert aws.calls == [*PREPARED, "DescribeImages", "RunInstances"]
    assert cloud.instances(HOME) == []


def test_a_rehearsal_tells_what_would_go_wrong(cloud: Cloud, aws: Proxy) -> None:
    wish = a_launch(cloud)
    aws.faults = [Refused(action="RunInstances", code="UnauthorizedOperation", status=403)]

    with pytest.raises(ForbiddenError, match="ec2:RunInstances"):
        cloud.rehearse(wish)


def test_a_lost_answer_does_not_make_a_second_instance(cloud: Cloud, aws: Proxy) -> None:
    wish = a_launch(cloud)
    aws.faults = [Lost(action="RunInstances")]

    instance = cloud.launch(wish)

    assert aws.calls.count("RunInstances") == 2
    assert [found.id for found in cloud.instances(HOME)] == [instance.id]


def test_the_same_wish_may_be_repeated_after_all_answers_were_lost(
    cloud: Cloud, aws: Proxy
) -> None:
    wish = a_launch(cloud)
    aws.faults = [Lost(action="RunInstances", times=4)]

    with pytest.raises(UnansweredError, match="the connection broke"):
        cloud.launch(wish)
    (known,) = cloud.by_attempt(HOME, wish.attempt)

    assert cloud.launch(wish).id == known.id
    assert len(cloud.instances(HOME)) == 1


def test_nothing_is_launched_by_a_call_that_never_arrives(cloud: Cloud, aws: Proxy) -> None:
    wish = a_launch(cloud)
    aws.faults = [Cut(action="RunInstances", times=4)]

    with pytest.raises(UnansweredError):
        cloud.launch(wish)
    assert cloud.instances(HOME) == []


def test_a_token_serves_one_wish_only(cloud: Cloud) -> None:
    wish = a_launch(cloud)
    cloud.launch(wish)

    with pytest.raises(TokenSpentError):
        cloud.launch(replace(wish, type="g4dn.xlarge"))
    assert len(cloud.instances(HOME)) == 1


def test_a_token_serves_no_second_instance_after_the_first_is_terminated(cloud: Cloud) -> None:
    wish = a_launch(cloud)
    cloud.terminate(cloud.launch(wish).id)

    with pytest.raises(TokenSpentError):
        cloud.launch(wish)
    assert len(cloud.instances(HOME)) == 1


def test_a_rehearsal_spends_no_token(cloud: Cloud, aws: Proxy) -> None:
    wish = a_launch(cloud)

    cloud.rehearse(wish)

    assert aws.requests[-1].parameters["ClientToken"] != wish.client_token


def test_an_instance_that_aws_does_not_know_is_none(cloud: Cloud, aws: Proxy) -> None:
    assert cloud.instance("i-0123456789abcdef0") is None
    assert cloud.instance("no id at all") is None
    aws.faults = [Forgotten(action="DescribeInstances")]
    assert cloud.instance("i-0123456789abcdef0") is None
    assert aws.calls == ["DescribeInstances"] * 3


def test_a_known_instance_is_told_of(cloud: Cloud) -> None:
    instance = launched(cloud)

    assert cloud.instance(instance.id) == replace(instance, state=InstanceState.RUNNING)


def test_a_home_sees_its_own_instances_only(cloud: Cloud) -> None:
    mine = launched(cloud, "mine")
    launched(cloud, "theirs", home="another home")

    assert [found.id for found in cloud.instances(HOME)] == [mine.id]


def test_an_instance_is_found_by_its_attempt(cloud: Cloud) -> None:
    first, second = launched(cloud, "first"), launched(cloud, "second")

    assert {found.id for found in cloud.instances(HOME)} == {first.id, second.id}
    assert [found.id for found in cloud.by_attempt(HOME, "second")] == [second.id]
    assert cloud.by_attempt(HOME, "third") == []


def test_no_instance_is_overlooked_on_a_later_page(
    cloud: Cloud, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.gppde.aws.cloud.PAGE", 5)
    made = {launched(cloud, f"attempt {number}").id for number in range(7)}
    aws.requests.clear()

    assert {found.id for found in cloud.instances(HOME)} == made
    assert aws.calls == ["DescribeInstances"] * 2


def test_a_terminated_instance_is_gone_and_still_told_of(cloud: Cloud, aws: Proxy) -> None:
    instance = launched(cloud)
    aws.requests.clear()

    cloud.terminate(instance.id)

    (found,) = cloud.instances(HOME)
    assert found.is_gone
    assert "UserInitiatedShutdown" in found.reason
    assert aws.calls == ["TerminateInstances", "DescribeInstances"]


def test_an_instance_may_be_terminated_twice(cloud: Cloud) -> None:
    instance = launched(cloud)

    cloud.terminate(instance.id)
    cloud.terminate(instance.id)


def test_what_aws_does_not_know_cannot_be_terminated(cloud: Cloud) -> None:
    with pytest.raises(UnknownInstanceError):
        cloud.terminate("i-0123456789abcdef0")


def test_the_quotas_are_those_of_the_account(cloud: Cloud, aws: Proxy) -> None:
    aws.lacking.quotas = {SPOT_QUOTA: 4.0, ON_DEMAND_QUOTA: 0.0}

    assert (cloud.quota(SPOT_QUOTA), cloud.quota(ON_DEMAND_QUOTA)) == (4.0, 0.0)
    assert aws.calls == ["GetServiceQuota"] * 2


def test_an_account_without_quotas_of_its_own_has_those_that_aws_gives(
    cloud: Cloud, aws: Proxy
) -> None:
    aws.lacking.quotas, aws.lacking.defaults = {}, {SPOT_QUOTA: 0.0}

    assert cloud.quota(SPOT_QUOTA) == 0.0
    assert aws.calls == ["GetServiceQuota", "GetAWSDefaultServiceQuota"]
