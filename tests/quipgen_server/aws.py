"""A region of AWS, and a builder that works there."""

from typing import TYPE_CHECKING, Any

import boto3

from quipgen_server.account import ALIVE
from quipgen_server.builder import Recipe

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

REGION = "us-east-1"


class Region:
    """As somebody sees it who looks with AWS's own tools."""

    def __init__(self) -> None:
        self.ec2: EC2Client = boto3.client("ec2", region_name=REGION)

    def instances(self) -> list[dict[str, Any]]:
        """Whatever costs money."""
        told = self.ec2.describe_instances(
            Filters=[{"Name": "instance-state-name", "Values": ALIVE}]
        )
        return [dict(each) for one in told["Reservations"] for each in one["Instances"]]

    def images(self) -> list[str]:
        return [each["ImageId"] for each in self.ec2.describe_images(Owners=["self"])["Images"]]

    def snapshots(self) -> set[str]:
        told = self.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]
        return {each["SnapshotId"] for each in told}

    def user_data(self, instance: str) -> str:
        """In base64."""
        told = self.ec2.describe_instance_attribute(InstanceId=instance, Attribute="userData")
        return told["UserData"]["Value"]

    def any_image(self) -> str:
        """One of those that moto knows."""
        told = self.ec2.describe_images(Owners=["099720109477"])["Images"]
        return told[0]["ImageId"]


class Builder:
    """Works whenever the bake waits: at the first pause it powers off, having `said` something."""

    def __init__(self, region: Region) -> None:
        self.says = "{0.done}"
        self.works = True
        self.recipe: Recipe | None = None
        self._region = region

    def work(self, _: float) -> None:
        for instance in self._region.instances() if self.works else ():
            self._region.ec2.stop_instances(InstanceIds=[instance["InstanceId"]])

    def console(self, *_: object) -> str:
        return "Booting.\n" + self.says.format(self.recipe)
