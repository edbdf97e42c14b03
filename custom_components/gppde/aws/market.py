"""What AWS offers where, and what it costs now."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from .instance import Placement

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_ec2.literals import InstanceTypeType

LINUX = "Linux/UNIX"


def placements(ec2: EC2Client, types: Sequence[str]) -> list[Placement]:
    """Return the zones with a default subnet that offer a type: first types first, then by name."""
    subnets = _default_subnets(ec2)
    offers = sorted(_offers(ec2, types), key=lambda offer: (types.index(offer[0]), offer[1]))
    return [Placement(type_, zone, subnets[zone]) for type_, zone in offers if zone in subnets]


def _default_subnets(ec2: EC2Client) -> dict[str, str]:
    pages = ec2.get_paginator("describe_subnets").paginate(
        Filters=[{"Name": "default-for-az", "Values": ["true"]}]
    )
    return {
        subnet["AvailabilityZone"]: subnet["SubnetId"]
        for page in pages
        for subnet in page["Subnets"]
    }


def _offers(ec2: EC2Client, types: Sequence[str]) -> list[tuple[str, str]]:
    pages = ec2.get_paginator("describe_instance_type_offerings").paginate(
        LocationType="availability-zone",
        Filters=[{"Name": "instance-type", "Values": list(types)}],
    )
    return [
        (offer["InstanceType"], offer["Location"])
        for page in pages
        for offer in page["InstanceTypeOfferings"]
    ]


def spot_price(ec2: EC2Client, type_: str, zone: str) -> float | None:
    """Return dollars an hour; None where there is no such offer."""
    history = ec2.describe_spot_price_history(
        InstanceTypes=[as_type(type_)],
        Filters=[{"Name": "availability-zone", "Values": [zone]}],
        ProductDescriptions=[LINUX],
        StartTime=datetime.now(UTC),
    )["SpotPriceHistory"]
    newest = max(history, key=lambda price: price["Timestamp"], default=None)
    return float(newest["SpotPrice"]) if newest else None


def as_type(name: str) -> InstanceTypeType:
    """AWS adds types all the time, so that no list of them is ever whole."""
    return cast("InstanceTypeType", name)
