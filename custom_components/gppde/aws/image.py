"""The image that an instance boots from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .clients import Clients
from .errors import RefusedError
from .instance import RESOLVE

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import ImageTypeDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An AMI: the name of its root device, and the least size of the volume for it in GiB."""

    id: str
    name: str
    architecture: str
    root_device: str
    gib: int


class Images:
    """Looks images up, each once."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._known: dict[str, Image] = {}

    def find(self, image: str) -> Image:
        """Return the image of an id, or of "resolve:ssm:" and a parameter's name."""
        if image not in self._known:
            self._known[image] = self._describe(self._resolve(image))
        return self._known[image]

    def _resolve(self, image: str) -> str:
        if not image.startswith(RESOLVE):
            return image
        with self._clients.ssm() as ssm:
            return ssm.get_parameter(Name=image.removeprefix(RESOLVE))["Parameter"]["Value"]

    def _describe(self, image_id: str) -> Image:
        with self._clients.ec2() as ec2:
            images = [_parse(told) for told in ec2.describe_images(ImageIds=[image_id])["Images"]]
        if not images:
            raise RefusedError(
                "There is no image {image} in the region. Choose another.", image=image_id
            )
        return images[0]


def _parse(told: ImageTypeDef) -> Image:
    root = told.get("RootDeviceName", "")
    sizes = [
        device["Ebs"].get("VolumeSize", 0)
        for device in told.get("BlockDeviceMappings", [])
        if device.get("DeviceName") == root and "Ebs" in device
    ]
    return Image(
        id=told["ImageId"],
        name=told.get("Name", ""),
        architecture=told.get("Architecture", ""),
        root_device=root,
        gib=max(sizes, default=0),
    )
