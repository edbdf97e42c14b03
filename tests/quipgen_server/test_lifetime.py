import asyncio
from pathlib import Path

import pytest

from quipgen_server import lifetime
from quipgen_server.lifetime import Lifetime, end_machine, since_boot


class Machine:
    """Its clock runs as the test wants, in seconds since boot."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        self.finished = False
        monkeypatch.setattr(lifetime, "LOOK", 0.001)

    def lifetime(self) -> Lifetime:
        return Lifetime(900, 180, lambda: self.finished, lambda: self.now)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(monkeypatch)


async def soon(lifetime: Lifetime) -> str:
    """The reason of its end, if that comes at once."""
    try:
        return await asyncio.wait_for(lifetime.ended(), 0.1)
    except TimeoutError:
        return ""


async def test_it_ends_a_quarter_of_an_hour_after_boot_whatever_happens(machine: Machine) -> None:
    machine.now = 899
    assert not await soon(machine.lifetime())
    machine.now = 900
    assert "15.0 minutes" in await soon(machine.lifetime())


async def test_it_ends_three_minutes_after_a_batch(machine: Machine) -> None:
    life = machine.lifetime()
    machine.now, machine.finished = 100, True
    assert not await soon(life)
    machine.now = 279
    assert not await soon(life)
    machine.now = 280
    assert "finished for 3.0 minutes" in await soon(life)


async def test_a_second_batch_gives_it_time_again(machine: Machine) -> None:
    life = machine.lifetime()
    machine.now, machine.finished = 100, True
    assert not await soon(life)
    machine.now, machine.finished = 200, False
    assert not await soon(life)
    machine.now, machine.finished = 300, True
    assert not await soon(life)
    machine.now = 480
    assert await soon(life)


async def test_it_ends_at_once_when_dismissed(machine: Machine) -> None:
    life = machine.lifetime()
    life.dismiss()
    assert "dismissed" in await soon(life)


def test_the_clock_starts_with_the_machine_and_not_with_the_server() -> None:
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    assert since_boot() == pytest.approx(uptime, abs=1)


def test_the_command_ends_the_machine(tmp_path: Path) -> None:
    end_machine(["touch", str(tmp_path / "ended")])
    assert (tmp_path / "ended").exists()


@pytest.mark.parametrize("command", [["/nowhere/poweroff"], ["false"]])
def test_a_command_that_fails_is_logged(
    command: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    end_machine(command)
    assert "not ended" in caplog.text
