"""What AWS tells of an instance, and what becomes of it here."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from custom_components.gppde.aws.answers import parse_instance
from custom_components.gppde.aws.instance import (
    TAG_ATTEMPT,
    TAG_EXPIRES,
    TAG_HOME,
    Instance,
    InstanceState,
)

from .launching import BEARER, LAUNCH

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import InstanceTypeDef

LAUNCHED = datetime(2026, 11, 21, 13, 0, tzinfo=timezone(timedelta(hours=1)))
TOLD: InstanceTypeDef = {
    "InstanceId": "i-0123456789abcdef0",
    "InstanceType": "g6.xlarge",
    "Placement": {"AvailabilityZone": "us-east-1a"},
    "State": {"Code": 16, "Name": "running"},
    "PublicIpAddress": "203.0.113.7",
    "LaunchTime": LAUNCHED,
    "InstanceLifecycle": "spot",
    "Tags": [
        {"Key": TAG_HOME, "Value": "home-1"},
        {"Key": TAG_ATTEMPT, "Value": "attempt-1"},
        {"Key": TAG_EXPIRES, "Value": "2026-11-21T12:20:00+00:00"},
    ],
}
KNOWN = Instance(
    id="i-0123456789abcdef0",
    type="g6.xlarge",
    zone="us-east-1a",
    state=InstanceState.RUNNING,
    address="203.0.113.7",
    launched=LAUNCHED,
    is_spot=True,
    home="home-1",
    attempt="attempt-1",
    expires=datetime(2026, 11, 21, 12, 20, tzinfo=UTC),
    reason="",
)


def test_all_that_aws_tells_is_understood() -> None:
    assert parse_instance(TOLD) == KNOWN


def test_moments_are_in_utc_whatever_aws_and_its_library_say() -> None:
    assert parse_instance(TOLD).launched.tzinfo is UTC


def test_an_instance_that_is_hardly_there_has_no_address_and_no_tags() -> None:
    bare: Any = {
        "InstanceId": "i-0",
        "State": {"Name": "pending"},
        "LaunchTime": LAUNCHED,
    }

    instance = parse_instance(bare)

    assert instance.address is None
    assert (instance.home, instance.attempt, instance.expires) == ("", "", None)
    assert not instance.is_spot


@pytest.mark.parametrize("written", ["", "tomorrow", "2026-13-45"])
def test_an_expiry_that_somebody_has_spoilt_counts_as_none(written: str) -> None:
    spoilt: InstanceTypeDef = {**TOLD, "Tags": [{"Key": TAG_EXPIRES, "Value": written}]}

    assert parse_instance(spoilt).expires is None


@pytest.mark.parametrize(
    "written", ["2026-11-21T12:20:00", "2026-11-21T12:20:00Z", "2026-11-21T14:20:00+02:00"]
)
def test_an_expiry_is_read_in_whatever_way_it_is_written(written: str) -> None:
    told: InstanceTypeDef = {**TOLD, "Tags": [{"Key": TAG_EXPIRES, "Value": written}]}

    assert parse_instance(told).expires == datetime(2026, 11, 21, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "is_gone"),
    [
        ("pending", False),
        ("running", False),
        ("stopping", False),
        ("stopped", False),
        ("shutting-down", True),
        ("terminated", True),
    ],
)
def test_only_what_ends_or_has_ended_is_gone(state: str, is_gone: bool) -> None:
    assert replace(KNOWN, state=InstanceState(state)).is_gone is is_gone


def test_aws_own_reason_is_kept() -> None:
    told: InstanceTypeDef = {
        **TOLD,
        "StateReason": {
            "Code": "Server.SpotInstanceTermination",
            "Message": "Server.SpotInstanceTermination: Instance termination due to no capacity",
        },
        "StateTransitionReason": "Server.SpotInstanceTermination",
    }

    instance = parse_instance(told)

    assert instance.reason.endswith("due to no capacity")


def test_a_reason_without_words_is_told_by_its_code() -> None:
    told: InstanceTypeDef = {
        **TOLD,
        "StateReason": {"Code": "Client.InstanceInitiatedShutdown"},
    }

    assert parse_instance(told).reason == "Client.InstanceInitiatedShutdown"


def test_a_launch_does_not_show_what_the_instance_is_told() -> None:
    assert BEARER in LAUNCH.user_data
    assert BEARER not in repr(LAUNCH)
