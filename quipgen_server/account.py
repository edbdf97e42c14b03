"""What `quipgen bake` asks of AWS. Every call raises BakeError alone, in words for a person."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .errors import CommandError, QuipgenError

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_ec2.type_defs import FilterTypeDef, TagTypeDef

TAG = "quipgen:bake"
STATE_TAG = "quipgen:bake-state"
UNFINISHED, FINISHED = "unfinished", "finished"
RESOLVE = "resolve:ssm:"
DRY_RUN_PASSED = "DryRunOperation"
ALIVE = ["pending", "running", "stopping", "stopped"]
INSTALL = "Install it with `pip install 'quipgen-server[bake]'`."


REFUSED = {"UnauthorizedOperation", "AccessDenied", "AccessDeniedException"}
PASSING = {"InvalidInstanceID.NotFound", "RequestLimitExceeded", "Throttling"}
SERVER_ERROR = 500


class BakeError(QuipgenError):
    """No image could be made."""

    code = "bake"


class PassingError(BakeError):
    """Ask again: AWS did not answer, or does not know yet what it made."""


@dataclass(frozen=True, kw_only=True)
class Image:
    """`gib` is what its snapshots may take at most, `id` AWS's."""

    id: str
    state: str
    root_device: str
    gib: int
    snapshots: Sequence[str]


class Account:
    """Of whoever runs the command, in one region."""

    def __init__(self, region: str | None) -> None:
        try:
            import boto3  # noqa: PLC0415  an extra, and slow to import
            from botocore.config import Config  # noqa: PLC0415
        except ImportError as error:
            raise CommandError(f"`quipgen bake` needs boto3. {INSTALL}") from error
        config = Config(retries={"mode": "standard", "max_attempts": 6}, connect_timeout=10)
        with _in_words():
            session = boto3.Session(region_name=region)
            self.region = session.region_name
            self._ec2: EC2Client = session.client("ec2", config=config)
            self._ssm = session.client("ssm", config=config)
            self._sts = session.client("sts", config=config)

    def identity(self) -> str:
        """The account's id."""
        with _in_words():
            return self._sts.get_caller_identity()["Account"]

    def image(self, name: str) -> Image | None:
        """By its id, or by "resolve:ssm:" and a parameter; None where AWS knows none."""
        with _in_words():
            if name.startswith(RESOLVE):
                parameter = self._ssm.get_parameter(Name=name.removeprefix(RESOLVE))
                name = parameter["Parameter"]["Value"]
            found = self._images([{"Name": "image-id", "Values": [name]}])
        return found[0] if found else None

    def launch(self, request: dict[str, Any]) -> str:
        """The new instance's id."""
        with _in_words():
            return self._ec2.run_instances(**request)["Instances"][0]["InstanceId"]

    def rehearse(self, request: dict[str, Any]) -> None:
        """Would AWS launch it?"""
        try:
            self.launch(request | {"DryRun": True})
        except BakeError as error:
            if DRY_RUN_PASSED not in str(error):
                raise

    def instances(self, bake: str = "*") -> dict[str, str]:
        """The states of the builders of one bake, or of all, that are not gone, by their ids."""
        filters: list[FilterTypeDef] = [
            {"Name": f"tag:{TAG}", "Values": [bake]},
            {"Name": "instance-state-name", "Values": ALIVE},
        ]
        with _in_words():
            pages = self._ec2.get_paginator("describe_instances").paginate(Filters=filters)
            return {
                instance["InstanceId"]: instance["State"]["Name"]
                for page in pages
                for reservation in page["Reservations"]
                for instance in reservation["Instances"]
            }

    def console(self, instance: str) -> str:
        """What an instance has said so far; AWS is minutes late with it."""
        with _in_words():
            return self._ec2.get_console_output(InstanceId=instance).get("Output", "")

    def terminate(self, instance: str) -> None:
        with _in_words():
            self._ec2.terminate_instances(InstanceIds=[instance])

    def make_image(self, instance: str, name: str, bake: str) -> str:
        """The id of an image that is still to be completed."""
        tags: list[TagTypeDef] = [
            {"Key": TAG, "Value": bake},
            {"Key": STATE_TAG, "Value": UNFINISHED},
        ]
        with _in_words():
            return self._ec2.create_image(
                InstanceId=instance,
                Name=name,
                Description="A quipgen server and its models",
                TagSpecifications=[{"ResourceType": "image", "Tags": tags}],
            )["ImageId"]

    def approve(self, image: str) -> None:
        """What is approved is not discarded by the next bake."""
        with _in_words():
            self._ec2.create_tags(Resources=[image], Tags=[{"Key": STATE_TAG, "Value": FINISHED}])

    def unfinished(self) -> list[Image]:
        """Images that no bake has approved."""
        with _in_words():
            return self._images([{"Name": f"tag:{STATE_TAG}", "Values": [UNFINISHED]}])

    def discard(self, image: Image) -> None:
        """The snapshots are what costs."""
        with _in_words():
            self._ec2.deregister_image(ImageId=image.id)
            for snapshot in image.snapshots:
                self._ec2.delete_snapshot(SnapshotId=snapshot)

    def _images(self, filters: "list[FilterTypeDef]") -> list[Image]:
        found = self._ec2.describe_images(Filters=filters)["Images"]
        return [_parse(each) for each in found]


def _parse(image: Any) -> Image:
    volumes = [each["Ebs"] for each in image.get("BlockDeviceMappings", ()) if "Ebs" in each]
    return Image(
        id=image["ImageId"],
        state=image.get("State", "pending"),
        root_device=image.get("RootDeviceName", ""),
        gib=sum(volume.get("VolumeSize", 0) for volume in volumes),
        snapshots=[volume["SnapshotId"] for volume in volumes if volume.get("SnapshotId")],
    )


@contextmanager
def _in_words() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except ClientError as error:
        raise _told(error.operation_name, dict(error.response)) from error
    except BotoCoreError as error:
        raise PassingError(f"AWS cannot be asked: {error}") from error


def _told(call: str, answer: dict[str, Any]) -> BakeError:
    code = answer.get("Error", {}).get("Code", "")
    text = f"AWS does not carry out {call}: {answer.get('Error', {}).get('Message', '')} [{code}]"
    if code in REFUSED:
        text += " Run this with your own rights, not with those of Home Assistant."
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return PassingError(text) if code in PASSING or status >= SERVER_ERROR else BakeError(text)
