"""What machines boot from is made once; each of them is off, one way or another, after its test."""

from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
import pytest_socket
from aiohttp import ClientSession

from custom_components.gppde.aws.user_data import build
from custom_components.gppde.quipgen import QuipgenClient

from . import image
from .image import Image, Wheel
from .machine import Boot, Machine
from .orders import BEARER, CERTIFICATE, PORT, an_order
from .serving import Connect
from .tools import lacking


@pytest.fixture(scope="session", autouse=True)
def can_boot() -> None:
    """Skip where no machine can boot, and say why."""
    if reason := lacking():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def bare(can_boot: None) -> Image:
    """Debian with cloud-init, and nothing of ours."""
    return image.bare()


@pytest.fixture(scope="session")
def wheel(can_boot: None, tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    """With the server's libraries, and the server as something to install."""
    if reason := image.lacking_libraries():
        pytest.skip(reason)
    return image.with_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def baked(wheel: Wheel, tmp_path_factory: pytest.TempPathFactory) -> Image:
    """With the server in /opt/quipgen."""
    return image.baked(wheel, tmp_path_factory.mktemp("baked"))


@pytest.fixture
def boot(tmp_path: Path) -> Iterator[Boot]:
    """Boot a machine on user data."""
    numbers = count()

    def boot_one(user_data: str, image: Image, **options: Any) -> Machine:
        folder = tmp_path / f"machine{next(numbers)}"
        machine = Machine.boot(user_data, image, folder, **options)
        machines.callback(rmtree, folder)
        machines.callback(machine.kill)
        return machine

    with ExitStack() as machines:
        yield boot_one


@pytest.fixture(scope="module")
def served(baked: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """One machine to look at; it makes its batch."""
    user_data = build(an_order())
    machine = Machine.boot(user_data, baked, tmp_path_factory.mktemp("served"))
    yield machine
    machine.kill()


@pytest.fixture
async def connect(socket_enabled: None) -> AsyncIterator[Connect]:
    """Return clients of any machine's server."""
    async with ClientSession() as session:

        def client(machine: Machine, token: str = BEARER) -> QuipgenClient:
            pytest_socket.socket_allow_hosts(["127.0.0.1", machine.address])
            url = f"https://{machine.address}:{PORT}"
            return QuipgenClient(session, url, token, CERTIFICATE.fingerprint, timeout=5)

        yield client
