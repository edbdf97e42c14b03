"""An account at an AWS on loopback."""

from collections.abc import Iterator
from functools import cache

import pytest
from botocore.loaders import create_loader
from botocore.retries.standard import ExponentialBackoff
from pytest_socket import enable_socket
from syrupy.assertion import SnapshotAssertion

from custom_components.gppde.aws.cloud import Cloud, CloudConfig
from tests.moto import moto_serving, reset

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


@pytest.fixture(scope="session")
def proxy(moto: str) -> Iterator[Proxy]:
    """Let botocore find that AWS until all tests are over: a Home Assistant that stops still asks,
    and one that is answered by nobody waits for a minute.
    """
    enable_socket()  # what a test begins with comes after this
    with proxy_serving(moto) as proxy, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", proxy.url)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_CONFIG_FILE", "/dev/null")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        patch.setattr("botocore.session.create_loader", read_once)
        patch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
        Cloud(CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET)).instances("nobody's")
        yield proxy


@pytest.fixture
def aws(moto: str, proxy: Proxy) -> Proxy:
    """Return an empty AWS, in which nothing lives but a default VPC."""
    reset(moto)
    proxy.forget()
    return proxy


@pytest.fixture
def usual_calls(aws: Proxy, snapshot: SnapshotAssertion) -> Iterator[None]:
    """Fail where other calls are made than before: AWS permits, limits and bills by the call."""
    yield
    assert sorted(set(aws.calls)) == snapshot(name="calls")


@pytest.fixture
def cloud(aws: Proxy) -> Cloud:
    """Return an account at that AWS."""
    return Cloud(CloudConfig(region=REGION, access_key=KEY, secret_key=SECRET))
