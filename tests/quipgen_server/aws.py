"""moto, which speaks AWS's protocol, as a server of its own; and a builder that works there."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import boto3

from quipgen_server.account import ALIVE
from quipgen_server.builder import Recipe

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

REGION = "us-east-1"
LONGEST_LIFE = 900
LONGEST_START = 60.0
LISTENS = re.compile(r"Running on (http://[\d.:]+)")


@contextmanager
def moto_serving(folder: Path) -> Iterator[str]:
    """Its address. It ends with us, and after a quarter of an hour whatever happens to us."""
    log = folder / "moto.log"
    command = ["setpriv", "--pdeathsig", "TERM", "timeout", "--kill-after=10", str(LONGEST_LIFE)]
    command += [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", "0"]
    with (
        log.open("w") as stream,
        subprocess.Popen(command, cwd=folder, stdout=stream, stderr=stream) as process,
    ):
        try:
            yield _address(process, log)
        finally:
            process.terminate()
            process.wait(15)


def reset(url: str) -> None:
    """Forgets everything but the default VPC and its subnets."""
    with urlopen(Request(f"{url}/moto-api/reset", method="POST"), timeout=10):  # noqa: S310
        pass


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end and process.poll() is None:
        if found := LISTENS.search(log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"moto did not start:\n{log.read_text()}")


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
