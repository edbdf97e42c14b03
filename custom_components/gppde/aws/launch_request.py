"""What is asked of RunInstances for one launch."""

from typing import TYPE_CHECKING

from .image import Image
from .instance import TAG_ATTEMPT, TAG_EXPIRES, TAG_HOME, Launch
from .market import as_type

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import (
        BlockDeviceMappingTypeDef,
        InstanceMarketOptionsRequestTypeDef,
        InstanceNetworkInterfaceSpecificationTypeDef,
        RunInstancesRequestTypeDef,
        SpotMarketOptionsTypeDef,
        TagSpecificationTypeDef,
        TagTypeDef,
    )


def launch_request(launch: Launch, image: Image) -> RunInstancesRequestTypeDef:
    """Return the whole call: one instance, which ends itself for good when it shuts down.

    boto3 encodes the user data.
    """
    request: RunInstancesRequestTypeDef = {
        "ClientToken": launch.client_token,
        "MinCount": 1,
        "MaxCount": 1,
        "ImageId": launch.image,
        "InstanceType": as_type(launch.type),
        "Placement": {"AvailabilityZone": launch.zone},
        "UserData": launch.user_data,
        "InstanceInitiatedShutdownBehavior": "terminate",
        "MetadataOptions": {
            "HttpEndpoint": "enabled",
            "HttpTokens": "required",
            "HttpPutResponseHopLimit": 1,
        },
        "BlockDeviceMappings": [_root_volume(launch, image)],
        "NetworkInterfaces": [_interface(launch)],
        "TagSpecifications": _tags(launch),
    }
    if launch.is_spot:
        request["InstanceMarketOptions"] = _spot(launch.ceiling)
    return request


def _spot(ceiling: float | None) -> InstanceMarketOptionsRequestTypeDef:
    options: SpotMarketOptionsTypeDef = {
        "SpotInstanceType": "one-time",
        "InstanceInterruptionBehavior": "terminate",
    }
    if ceiling is not None:
        options["MaxPrice"] = f"{ceiling:.4f}"
    return {"MarketType": "spot", "SpotOptions": options}


def _root_volume(launch: Launch, image: Image) -> BlockDeviceMappingTypeDef:
    return {
        "DeviceName": image.root_device,
        "Ebs": {
            "VolumeType": "gp3",
            "VolumeSize": max(launch.volume_gib, image.gib),
            "Encrypted": True,
            "DeleteOnTermination": True,
        },
    }


def _interface(launch: Launch) -> InstanceNetworkInterfaceSpecificationTypeDef:
    interface: InstanceNetworkInterfaceSpecificationTypeDef = {
        "DeviceIndex": 0,
        "AssociatePublicIpAddress": True,
        "DeleteOnTermination": True,
        "Groups": [launch.group],
    }
    if launch.subnet:
        interface["SubnetId"] = launch.subnet
    return interface


def _tags(launch: Launch) -> list[TagSpecificationTypeDef]:
    tags = {
        "Name": "GPPDE quipgen",
        TAG_HOME: launch.home,
        TAG_ATTEMPT: launch.attempt,
        TAG_EXPIRES: launch.expires.isoformat(),
    }
    pairs: list[TagTypeDef] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return [
        {"ResourceType": "instance", "Tags": pairs},
        {"ResourceType": "volume", "Tags": pairs},
    ]
