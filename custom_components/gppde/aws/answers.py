"""Reads what EC2 tells of an instance."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from .instance import TAG_ATTEMPT, TAG_EXPIRES, TAG_HOME, Instance, InstanceState

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import (
        DescribeInstancesResultTypeDef,
        InstanceTypeDef,
        TagTypeDef,
    )


def parse_instances(page: DescribeInstancesResultTypeDef) -> list[Instance]:
    """Return the instances of one page of DescribeInstances."""
    return [parse_instance(told) for group in page["Reservations"] for told in group["Instances"]]


def parse_instance(told: InstanceTypeDef) -> Instance:
    """Return the instance that is told of in an answer of RunInstances or DescribeInstances."""
    tags = parse_tags(told.get("Tags", []))
    return Instance(
        id=told["InstanceId"],
        type=told.get("InstanceType", ""),
        zone=told.get("Placement", {}).get("AvailabilityZone", ""),
        state=InstanceState(told["State"]["Name"]),
        address=told.get("PublicIpAddress"),
        launched=told["LaunchTime"].astimezone(UTC),
        is_spot=told.get("InstanceLifecycle") == "spot",
        home=tags.get(TAG_HOME, ""),
        attempt=tags.get(TAG_ATTEMPT, ""),
        expires=_moment(tags.get(TAG_EXPIRES, "")),
        reason=_reason(told),
    )


def parse_tags(tags: Sequence[TagTypeDef]) -> dict[str, str]:
    return {tag.get("Key", ""): tag.get("Value", "") for tag in tags}


def _reason(told: InstanceTypeDef) -> str:
    reason = told.get("StateReason", {})
    return reason.get("Message") or reason.get("Code") or told.get("StateTransitionReason") or ""


def _moment(text: str) -> datetime | None:
    """Return a tag's moment in UTC; people can write anything into a tag."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
