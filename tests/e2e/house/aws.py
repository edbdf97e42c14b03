"""AWS on loopback: moto speaks its protocol, and what is launched there really boots."""

import os
import sys
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import boto3

from tests.boot import image
from tests.boot.image import Image
from tests.boot.tools import BootError, lacking
from tests.gppde.aws.faults import Forgotten
from tests.gppde.aws.lacking import IMAGE
from tests.gppde.aws.proxy import Proxy, proxy_serving
from tests.moto import moto_serving

from .client import Client, Json
from .errors import HouseError
from .flows import add_account, change_options
from .machines import Machines

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

REGION: Final = "us-east-1"
KEY: Final = "testing"
SECRET: Final = "testing-secret"
HOME_ADDRESS: Final = "203.0.113.5"
# The server is in the image, as it is in one that was baked for this.
OPTIONS: Final[Json] = {"image": IMAGE, "package": "", "home_address": HOME_ADDRESS}
NOT_GONE: Final = ["pending", "running", "shutting-down", "stopping", "stopped"]


@dataclass(frozen=True, slots=True)
class Aws:
    """`proxy` is what a client speaks with, and `ec2` what is behind it."""

    proxy: Proxy
    ec2: EC2Client
    machines: Machines
    patience: float = 110

    @property
    def environment(self) -> Mapping[str, str]:
        """What lets botocore find this AWS, and no other."""
        return {
            "AWS_ENDPOINT_URL": self.proxy.url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }

    @property
    def leftovers(self) -> list[str]:
        """The ids of instances that are not terminated, and of machines that are on."""
        pages = self.ec2.get_paginator("describe_instances").paginate(
            Filters=[{"Name": "instance-state-name", "Values": NOT_GONE}]
        )
        instances = [
            instance["InstanceId"]
            for page in pages
            for reservation in page["Reservations"]
            for instance in reservation["Instances"]
        ]
        return [*instances, *self.machines.running]

    async def add(self, client: Client) -> Json:
        """Add GPPDE with an account here; raises RefusedError."""
        account = {"region": REGION, "access_key": KEY, "secret_key": SECRET}
        source = await add_account(client, account)
        await change_options(client, source["result"]["entry_id"], OPTIONS)
        return source


@asynccontextmanager
async def run(folder: Path) -> AsyncGenerator[Aws]:
    """Run an AWS whose files all lie in `folder`; raises HouseError where nothing can boot."""
    with serving(folder) as aws:
        yield aws


@contextmanager
def serving(folder: Path, through: Sequence[str | Path] = ()) -> Iterator[Aws]:
    """As `run` does, for who need not wait; `through` is a module that runs others."""
    baked = _image(folder)
    with moto_serving(folder, through) as moto, proxy_serving(moto) as proxy:
        ec2 = boto3.client(
            "ec2",
            endpoint_url=moto,
            region_name=REGION,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )
        with closing(Machines(ec2=ec2, image=baked, folder=folder)) as machines:
            # moto's spot prices are next to nothing, so the usual ones are reckoned with.
            proxy.faults += [Forgotten(action="DescribeSpotPriceHistory", times=sys.maxsize)]
            proxy.faults += [machines]
            yield Aws(proxy, ec2, machines)


def _image(folder: Path) -> Image:
    if reason := lacking() or image.lacking_libraries():
        raise HouseError(f"Instances cannot boot on this machine: {reason}")
    for name in ("wheel", "baked"):
        (folder / name).mkdir()
    try:
        return image.baked(image.with_wheel(folder / "wheel"), folder / "baked")
    except BootError as error:
        raise HouseError(f"What instances boot from cannot be made: {error}") from error
