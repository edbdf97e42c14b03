"""A house may log all that its libraries say; what we send to AWS is not for its log."""

import logging
from base64 import b64encode

import boto3
import pytest

from custom_components.gppde.aws.cloud import Cloud, CloudConfig

from .account import KEY, REGION, SECRET
from .launching import BEARER, HOME, USER_DATA, launched
from .proxy import Proxy

BEGINNING = USER_DATA[:12]
"""What is sent is base64, in which twelve characters are sixteen others."""


@pytest.fixture
def debug(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """Log everything, as somebody does who looks for a fault in another integration."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "botocore")


@pytest.mark.usefixtures("debug")
def test_user_data_is_not_logged(cloud: Cloud, caplog: pytest.LogCaptureFixture) -> None:
    launched(cloud)

    assert BEARER not in caplog.text
    assert b64encode(BEGINNING.encode()).decode() not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("debug")
def test_what_a_role_s_keys_are_is_not_logged(aws: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    role = "arn:aws:iam::210987654321:role/quipgen"
    config = CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET, role=role)

    Cloud(config).instances(HOME)

    assert aws.calls == ["AssumeRole", "DescribeInstances"]
    assert "SecretAccessKey" not in caplog.text
    assert "x-amz-security-token" not in caplog.text.lower()


@pytest.mark.usefixtures("debug")
def test_what_others_do_with_botocore_is_logged_as_they_wish(
    cloud: Cloud, caplog: pytest.LogCaptureFixture
) -> None:
    cloud.identity()
    caplog.clear()

    sts = boto3.client(
        "sts", region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )
    sts.get_caller_identity()

    assert "GetCallerIdentity" in caplog.text
