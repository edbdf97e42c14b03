"""Whose keys are used, and how long AWS may take."""

import pytest

from custom_components.gppde.aws.cloud import Cloud, CloudConfig
from custom_components.gppde.aws.errors import CredentialsError, UnansweredError

from .account import KEY, REGION, SECRET
from .faults import Refused
from .launching import HOME
from .proxy import Proxy

ROLE = CloudConfig(
    region=REGION,
    access_key=KEY,
    secret_key=SECRET,
    role="arn:aws:iam::210987654321:role/quipgen",
)


def test_the_host_s_own_keys_serve_where_none_are_given(
    aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)

    assert Cloud(CloudConfig(region=REGION)).identity() == "123456789012"


def test_a_role_is_assumed_once_for_many_calls(aws: Proxy) -> None:
    cloud = Cloud(ROLE)

    assert cloud.identity() == "210987654321"
    assert cloud.instances(HOME) == []
    assert aws.calls == ["AssumeRole", "GetCallerIdentity", "DescribeInstances"]


def test_a_role_that_may_not_be_assumed_is_a_matter_of_keys(aws: Proxy) -> None:
    aws.faults = [Refused(action="AssumeRole", code="AccessDenied", status=403)]

    with pytest.raises(CredentialsError, match="may not assume the role"):
        Cloud(ROLE).instances(HOME)
    assert aws.calls == ["AssumeRole"]


def test_a_house_without_any_keys_is_told_so(aws: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(CredentialsError, match="no keys"):
        Cloud(CloudConfig(region=REGION)).identity()
    with pytest.raises(CredentialsError, match="no keys"):
        Cloud(CloudConfig(region=REGION, role=ROLE.role)).identity()
    assert aws.calls == []


@pytest.mark.parametrize(
    "config",
    [
        CloudConfig(region=REGION, access_key=KEY),
        CloudConfig(region=REGION, secret_key=SECRET),
    ],
)
def test_half_a_pair_of_keys_never_falls_back_on_those_of_the_host(
    config: CloudConfig, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)

    with pytest.raises(CredentialsError, match="not complete"):
        Cloud(config).identity()
    assert aws.calls == []


def test_a_profile_of_the_host_that_is_not_there_is_a_matter_of_keys(
    aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(CredentialsError, match="ProfileNotFound"):
        Cloud(CloudConfig(region=REGION)).identity()


def test_a_call_is_repeated_four_times_at_most(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [Refused(code="InternalError", status=500, times=9)]

    with pytest.raises(UnansweredError):
        cloud.instances(HOME)
    assert aws.calls == ["DescribeInstances"] * 4


def test_one_fault_is_repeated_away(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [Refused(code="RequestLimitExceeded", status=503)]

    assert cloud.instances(HOME) == []
    assert aws.calls == ["DescribeInstances"] * 2


def test_a_configuration_does_not_show_its_secret() -> None:
    assert SECRET not in repr(ROLE)
