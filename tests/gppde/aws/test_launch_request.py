"""What RunInstances is asked for, and what EC2 makes of it."""

import base64
from dataclasses import replace

import boto3
import pytest
from types_boto3_ec2 import EC2Client

from custom_components.gppde.aws.cloud import Cloud

from .account import KEY, REGION, SECRET
from .launching import HOME, USER_DATA, a_launch
from .proxy import Proxy


@pytest.fixture
def ec2(aws: Proxy) -> EC2Client:
    """Look at the same account by other means."""
    return boto3.client(
        "ec2", region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )


def test_an_instance_ends_for_good_when_it_shuts_down(cloud: Cloud, ec2: EC2Client) -> None:
    instance = cloud.launch(a_launch(cloud))

    answer = ec2.describe_instance_attribute(
        InstanceId=instance.id, Attribute="instanceInitiatedShutdownBehavior"
    )
    assert answer["InstanceInitiatedShutdownBehavior"]["Value"] == "terminate"


def test_an_instance_has_a_public_address_and_only_our_group(cloud: Cloud, ec2: EC2Client) -> None:
    wish = a_launch(cloud)
    instance = cloud.launch(wish)

    told = ec2.describe_instances(InstanceIds=[instance.id])["Reservations"][0]["Instances"][0]
    assert instance.address
    (interface,) = told["NetworkInterfaces"]
    assert [group["GroupId"] for group in interface["Groups"]] == [wish.group]
    assert interface["SubnetId"] == wish.subnet
    assert "KeyName" not in told


def test_nobody_but_the_instance_itself_reads_its_metadata(cloud: Cloud, ec2: EC2Client) -> None:
    instance = cloud.launch(a_launch(cloud))

    told = ec2.describe_instances(InstanceIds=[instance.id])["Reservations"][0]["Instances"][0]
    options = told["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)


def test_an_instance_is_told_its_user_data(cloud: Cloud, ec2: EC2Client) -> None:
    instance = cloud.launch(a_launch(cloud))

    answer = ec2.describe_instance_attribute(InstanceId=instance.id, Attribute="userData")
    assert base64.b64decode(answer["UserData"]["Value"]).decode() == USER_DATA


@pytest.mark.parametrize(("wished", "made"), [(60, 60), (8, 15)])
def test_the_only_volume_is_encrypted_tagged_and_holds_the_image(
    wished: int, made: int, cloud: Cloud, ec2: EC2Client
) -> None:
    instance = cloud.launch(a_launch(cloud, volume_gib=wished))

    (volume,) = ec2.describe_volumes()["Volumes"]
    assert (volume["VolumeType"], volume["Size"], volume["Encrypted"]) == ("gp3", made, True)
    told = ec2.describe_instances(InstanceIds=[instance.id])["Reservations"][0]["Instances"][0]
    (device,) = told["BlockDeviceMappings"]
    assert device["DeviceName"] == told["RootDeviceName"]
    assert device["Ebs"]["DeleteOnTermination"]
    assert {"Key": "gppde:home", "Value": HOME} in volume["Tags"]


def test_a_spot_instance_is_asked_for_once_and_not_kept(cloud: Cloud, aws: Proxy) -> None:
    cloud.launch(a_launch(cloud))

    asked = aws.requests[-1].parameters
    assert asked["InstanceMarketOptions.SpotOptions.SpotInstanceType"] == "one-time"
    assert asked["InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior"] == "terminate"


@pytest.mark.parametrize(("ceiling", "asked"), [(None, None), (0.4, "0.4000")])
def test_a_spot_instance_costs_no_more_than_its_ceiling(
    ceiling: float | None, asked: str | None, cloud: Cloud, aws: Proxy
) -> None:
    cloud.launch(a_launch(cloud, ceiling=ceiling))

    name = "InstanceMarketOptions.SpotOptions.MaxPrice"
    assert aws.requests[-1].parameters.get(name) == asked


def test_an_instance_on_demand_is_no_spot_instance(cloud: Cloud, aws: Proxy) -> None:
    instance = cloud.launch(a_launch(cloud, is_spot=False))

    assert not instance.is_spot
    assert not [name for name in aws.requests[-1].parameters if "Market" in name]


def test_the_default_subnet_serves_where_none_is_wished(cloud: Cloud, aws: Proxy) -> None:
    cloud.launch(replace(a_launch(cloud), subnet=None, zone="us-east-1b"))

    asked = aws.requests[-1].parameters
    assert asked["Placement.AvailabilityZone"] == "us-east-1b"
    assert "NetworkInterface.1.SubnetId" not in asked
