"""What we ask of AWS. It blocks, for minutes where AWS is slow: call it in an executor."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from . import market
from .answers import parse_instance, parse_instances
from .clients import Clients
from .codes import DRY_RUN_PASSED
from .config import CloudConfig
from .errors import AwsError, UnknownInstanceError
from .firewall import Firewall
from .image import Image, Images
from .instance import TAG_ATTEMPT, TAG_HOME, Instance, Launch, Placement
from .launch_request import launch_request

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import FilterTypeDef

__all__ = ["ON_DEMAND_QUOTA", "SPOT_QUOTA", "Cloud", "CloudConfig"]

SPOT_QUOTA = "L-3819A6DF"
"""vCPUs of all G and VT spot instances."""
ON_DEMAND_QUOTA = "L-DB2E81BA"
"""vCPUs of running on-demand G and VT instances."""

PAGE = 100


class Cloud:
    """One account in one region. Every method raises AwsError's children only.

    Cheap to make: nothing is imported or asked before the first call.
    """

    def __init__(self, config: CloudConfig) -> None:
        self._clients = Clients(config)
        self._images = Images(self._clients)

    def identity(self) -> str:
        """Return the account's id; needs no permission, so it tells whether the keys are good."""
        with self._clients.sts() as sts:
            return sts.get_caller_identity()["Account"]

    def image(self, image: str) -> Image:
        """Return the image of an id, or of "resolve:ssm:" and a parameter's name."""
        return self._images.find(image)

    def rehearse(self, launch: Launch) -> None:
        """Let AWS check whether it would carry out a launch; that spends no client token."""
        request = launch_request(launch, self.image(launch.image))
        request["DryRun"] = True
        del request["ClientToken"]
        try:
            with self._clients.ec2() as ec2:
                ec2.run_instances(**request)
        except AwsError as error:
            if error.code != DRY_RUN_PASSED:
                raise

    def launch(self, launch: Launch) -> Instance:
        """Launch one instance; the same wish with the same token again returns the same one."""
        request = launch_request(launch, self.image(launch.image))
        with self._clients.ec2() as ec2:
            return parse_instance(ec2.run_instances(**request)["Instances"][0])

    def instance(self, instance_id: str) -> Instance | None:
        """Return what AWS knows of an instance; None where it does not know it, or not yet."""
        try:
            with self._clients.ec2() as ec2:
                found = parse_instances(ec2.describe_instances(InstanceIds=[instance_id]))
        except UnknownInstanceError:
            return None
        return found[0] if found else None

    def instances(self, home: str) -> list[Instance]:
        """Return all that bear the home's tag, whatever their state."""
        return self._tagged({TAG_HOME: home})

    def by_attempt(self, home: str, attempt: str) -> list[Instance]:
        """Return what an attempt launched."""
        return self._tagged({TAG_HOME: home, TAG_ATTEMPT: attempt})

    def _tagged(self, tags: dict[str, str]) -> list[Instance]:
        filters: list[FilterTypeDef] = [
            {"Name": f"tag:{key}", "Values": [value]} for key, value in tags.items()
        ]
        with self._clients.ec2() as ec2:
            pages = ec2.get_paginator("describe_instances").paginate(
                Filters=filters, PaginationConfig={"PageSize": PAGE}
            )
            return [instance for page in pages for instance in parse_instances(page)]

    def terminate(self, instance_id: str) -> None:
        """End an instance for good; raises UnknownInstanceError where AWS does not know it."""
        with self._clients.ec2() as ec2:
            ec2.terminate_instances(InstanceIds=[instance_id])

    def placements(self, types: Sequence[str]) -> list[Placement]:
        """Return where which of the types are offered: the first type first, zones by name."""
        with self._clients.ec2() as ec2:
            return market.placements(ec2, types)

    def quota(self, code: str) -> float:
        """Return how many vCPUs the account may use: its own quota, or AWS's default."""
        with self._clients.quotas() as quotas:
            try:
                answer = quotas.get_service_quota(ServiceCode="ec2", QuotaCode=code)
            except quotas.exceptions.NoSuchResourceException:
                answer = quotas.get_aws_default_service_quota(ServiceCode="ec2", QuotaCode=code)
            return answer["Quota"]["Value"]

    def spot_price(self, type_: str, zone: str) -> float | None:
        """Return what a spot instance costs now, in dollars an hour; None where there is none."""
        with self._clients.ec2() as ec2:
            return market.spot_price(ec2, type_, zone)

    def firewall(self, home: str) -> Firewall:
        """Return the security group of a home."""
        return Firewall(self._clients, home)
