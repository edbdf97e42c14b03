"""The image that an instance boots from."""

import pytest

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.aws.errors import RefusedError
from custom_components.gppde.aws.image import Image
from custom_components.gppde.aws.instance import RESOLVE

from .faults import Forgotten
from .lacking import IMAGE, PUBLIC_IMAGE
from .launching import a_launch
from .proxy import Proxy

KNOWN = Image(
    id=IMAGE,
    name="ubuntu-for-tests",
    architecture="x86_64",
    root_device="/dev/sda1",
    gib=15,
)


def test_an_image_is_looked_up_once(cloud: Cloud, aws: Proxy) -> None:
    assert cloud.image(IMAGE) == cloud.image(IMAGE) == KNOWN
    assert aws.calls == ["DescribeImages"]


def test_a_public_parameter_leads_to_an_image(cloud: Cloud, aws: Proxy) -> None:
    assert cloud.image(RESOLVE + PUBLIC_IMAGE) == KNOWN
    assert aws.calls == ["GetParameter", "DescribeImages"]


def test_aws_itself_resolves_the_parameter_at_the_launch(cloud: Cloud, aws: Proxy) -> None:
    cloud.launch(a_launch(cloud, image=RESOLVE + PUBLIC_IMAGE))

    assert aws.requests[-1].parameters["ImageId"] == RESOLVE + PUBLIC_IMAGE


def test_a_parameter_that_is_not_there_is_told_of(cloud: Cloud) -> None:
    with pytest.raises(RefusedError, match="Choose an image"):
        cloud.image(f"{RESOLVE}/aws/service/nothing")


def test_an_image_that_is_not_there_is_told_of(cloud: Cloud, aws: Proxy) -> None:
    with pytest.raises(RefusedError, match="Choose an image"):
        cloud.image("ami-0123456789abcdef0")
    aws.faults = [Forgotten(action="DescribeImages")]
    with pytest.raises(RefusedError, match="no image"):
        cloud.image(IMAGE)
