"""Does the fault matrix itself work? Two of its cells; `scripts/faults` plays them all."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.gppde.aws.proxy import Proxy

from . import __main__ as matrix
from .cell import leaked
from .cells import CELLS
from .guards import CLIENT_TOKEN, guards
from .home import SECRET
from .machine import OWN_DEADLINE, Machine, Temper
from .machines import LIFE
from .world import World


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let Home Assistant's process, AWS and the instances reach one another."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World.make(tmp_path, Proxy(""), "")


def make_machine(world: World, age: timedelta) -> Machine:
    machine = Machine(
        id="i-1",
        home="a-home",
        attempt="an-attempt",
        token="an-attempt-0",
        address="127.0.0.1",
        launched=world.clock.true() - age,
        files={},
        temper=Temper(),
        folder=world.home.folder,
        happened=world.happened,
        secrets=["a-bearer"],
    )
    world.machines.all.append(machine)
    return machine


def test_the_table_has_forty_cells_each_with_a_name_of_its_own() -> None:
    assert len({cell.name for cell in CELLS}) == len(CELLS) >= 40


def test_an_instance_is_late_once_its_time_is_over(world: World) -> None:
    make_machine(world, LIFE - timedelta(minutes=5))
    world.machines.look()
    assert not world.machines.late
    make_machine(world, LIFE + timedelta(minutes=1))
    world.machines.look()
    assert world.machines.late


def test_a_secret_that_is_logged_is_found(world: World) -> None:
    make_machine(world, timedelta())
    world.home.log.write_text("a debug message\n")
    assert leaked(world) == 0
    world.home.log.write_text(f"signed with {SECRET}, and Bearer a-bearer\n")
    assert leaked(world) == 2


def test_the_guard_is_what_ended_the_instance(world: World) -> None:
    machine = make_machine(world, LIFE)
    machine.ended, machine.end = world.clock.true(), OWN_DEADLINE
    assert guards(world) == [OWN_DEADLINE]


@pytest.mark.timeout(120)
def test_a_killed_home_goes_on_with_its_instance_and_a_lost_answer_launches_no_other(
    tmp_path: Path,
) -> None:
    names = ["kill -9 with some quips collected", "lost answer of RunInstances"]
    cells = [cell for cell in CELLS if cell.name in names]
    killed, lost = matrix.played(cells, tmp_path)
    assert killed.is_good, killed
    assert lost.is_good, lost
    assert killed.stock == lost.stock == 10
    assert lost.twice == 0
    assert CLIENT_TOKEN in lost.guards
