"""Whether the machines of these tests are gone when they are off."""

import re
import time

import pytest

from custom_components.gppde.aws.user_data import build

from .image import Image
from .machine import Boot, Machine
from .orders import an_order
from .test_guards import without
from .tools import BootError, run

IDLE = without("runcmd", an_order())
PUBLIC = "198.51.100.7"  # of those that are for documentation
SOON = 5.0  # seconds
LONGEST_BOOT = 30.0  # seconds


def has_processes(machine: Machine) -> bool:
    """Whether any are left: its network ends with the last of them."""
    gateway = machine.address.removesuffix("2") + "1/"
    return gateway in run("ip", "-oneline", "address")


def until_gone(machine: Machine) -> None:
    deadline = time.monotonic() + SOON
    while has_processes(machine):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_one_that_is_killed_leaves_nothing(boot: Boot, bare: Image) -> None:
    machine = boot(IDLE, bare)
    assert has_processes(machine)
    machine.kill()
    assert not machine.is_running
    until_gone(machine)


def test_one_that_powers_off_leaves_nothing(boot: Boot, bare: Image) -> None:
    machine = boot(build(an_order()), bare)
    machine.wait_off(LONGEST_BOOT)
    assert not machine.is_running
    until_gone(machine)


def test_none_outlives_its_limit_and_that_is_no_power_off(boot: Boot, bare: Image) -> None:
    machine = boot(IDLE, bare, limit=3)
    with pytest.raises(BootError, match="did not power itself off"):
        machine.wait_off(LONGEST_BOOT)
    until_gone(machine)


def test_two_are_apart(boot: Boot, bare: Image) -> None:
    one, other = boot(IDLE, bare), boot(IDLE, bare)
    assert one.address != other.address
    one.kill()
    assert other.is_running


def test_it_has_the_address_that_it_is_given(boot: Boot, bare: Image) -> None:
    machine = boot(IDLE, bare, public=PUBLIC)
    assert machine.address == PUBLIC
    with pytest.raises(BootError, match="Connection refused"):  # neither lost nor unreachable
        run("bash", "-c", f"sleep 1; exec </dev/tcp/{PUBLIC}/9")


def test_its_clock_begins_with_it(boot: Boot, bare: Image) -> None:
    machine = boot(build(an_order()), bare)
    machine.wait_off(LONGEST_BOOT)
    finished = re.search(r"finished at .* Up ([\d.]+) seconds", machine.log)
    assert finished
    assert float(finished[1]) < LONGEST_BOOT
