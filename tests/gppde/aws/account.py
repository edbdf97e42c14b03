"""An account at an AWS on loopback."""

from collections.abc import Iterator
from functools import cache

import pytest
from botocore.loaders import create_loader
from botocore.retries.standard import ExponentialBackoff
from syrupy.assertion import SnapshotAssertion

from custom_components.gppde.aws.cloud import Cloud, CloudConfig

from .moto import moto_serving, reset
from .proxy import Proxy, proxy_serving

REGION = "us-east-1"
KEY = "testing"
SECRET = "testing-secret"

read_once = cache(create_loader)
"""Reads AWS's models once for all tests: for each account anew it takes a fifth of a second."""


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run moto once for all tests, and yield its address."""
    with moto_serving(tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture
def aws(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """Let botocore find an empty AWS, in which nothing lives but a default VPC."""
    reset(moto)
    with proxy_serving(moto) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.url)
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        monkeypatch.setattr("botocore.session.create_loader", read_once)
        monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
        yield proxy


@pytest.fixture
def usual_calls(aws: Proxy, snapshot: SnapshotAssertion) -> Iterator[None]:
    """Fail where other calls are made than before: AWS permits, limits and bills by the call."""
    yield
    assert sorted(set(aws.calls)) == snapshot(name="calls")


@pytest.fixture
def cloud(aws: Proxy) -> Cloud:
    """Return an account at that AWS."""
    return Cloud(CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET))
