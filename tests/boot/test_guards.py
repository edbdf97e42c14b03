"""What powers a machine off when something is wrong; each guard alone."""

import time
from typing import Any

import yaml  # type: ignore[import-untyped]

from custom_components.gppde.aws.user_data import BootConfig, build

from .image import Image
from .machine import Boot
from .orders import MINUTE, an_order
from .serving import Connect, answering

AT_ONCE = 30.0  # seconds, boot included; a busy machine may need them
LATE = 15.0  # seconds that a deadline may be late, boot included


def without(part: str, config: BootConfig) -> str:
    """Return the user data that lacks one of its parts."""
    told: dict[str, Any] = yaml.safe_load(build(config))
    del told[part]
    return f"#cloud-config\n{yaml.safe_dump(told)}"


def test_the_deadline_powers_off_a_machine_on_which_nothing_runs(boot: Boot, bare: Image) -> None:
    seconds = 8
    begun = time.monotonic()
    machine = boot(without("runcmd", an_order(boot_minutes=seconds / MINUTE)), bare)
    machine.wait_off(seconds + LATE)
    assert time.monotonic() - begun >= seconds
    assert "quipgen-deadline.service" in machine.journal


async def test_the_deadline_powers_off_under_a_server_that_hangs(
    boot: Boot, baked: Image, connect: Connect
) -> None:
    seconds = 15
    machine = boot(build(an_order(boot_minutes=seconds / MINUTE)), baked)
    await answering(connect(machine), machine)
    machine.run("systemctl", "kill", "--signal=STOP", "quipgen")
    machine.wait_off(seconds + LATE)
    assert "quipgen-deadline.service" in machine.journal


async def test_the_server_ends_in_time_where_no_deadline_was_armed(
    boot: Boot, baked: Image, connect: Connect
) -> None:
    seconds = 15
    machine = boot(without("bootcmd", an_order(boot_minutes=seconds / MINUTE)), baked)
    await answering(connect(machine), machine)
    machine.wait_off(seconds + LATE)
    assert "quipgen-deadline" not in machine.journal


async def test_a_server_that_is_killed_takes_the_machine_along(
    boot: Boot, baked: Image, connect: Connect
) -> None:
    machine = boot(build(an_order()), baked)
    await answering(connect(machine), machine)
    machine.run("systemctl", "kill", "--signal=KILL", "quipgen")
    machine.wait_off(AT_ONCE)


def test_a_machine_without_a_server_powers_off_at_once(boot: Boot, bare: Image) -> None:
    boot(build(an_order()), bare).wait_off(AT_ONCE)


def test_a_server_that_cannot_be_installed_powers_off_at_once(boot: Boot, bare: Image) -> None:
    boot(build(an_order(package="/srv/nothing.whl")), bare).wait_off(AT_ONCE)


def test_an_order_that_is_broken_powers_off_at_once(boot: Boot, baked: Image) -> None:
    boot(build(an_order(count=0)), baked).wait_off(AT_ONCE)


def test_a_machine_on_which_no_file_was_written_powers_off_at_once(boot: Boot, bare: Image) -> None:
    boot(without("write_files", an_order()), bare).wait_off(AT_ONCE)


def test_a_deadline_that_cannot_be_armed_powers_off_at_once(boot: Boot, bare: Image) -> None:
    told = without("runcmd", an_order())
    boot(told.replace("mkdir -p /run", "false /run"), bare).wait_off(AT_ONCE)
