"""What can happen to a home at a moment."""

from collections.abc import Callable
from datetime import timedelta

from tests.gppde.aws.booting import EVER
from tests.gppde.aws.faults import Fault, Refused

from .launcher import FULL
from .world import Deed, World

LEDGER = "gppde.aws"
JOURNAL = "gppde.refill"
HALF = '{"format": 1, "attem'


def kill(world: World) -> None:
    """Kill -9 Home Assistant, which is started again."""
    world.home.kill()


def stop(world: World) -> None:
    """Stop Home Assistant as a person does, who starts it again."""
    world.home.stop()


def kill_for_good(world: World) -> None:
    """Kill -9 Home Assistant, and never start it again."""
    world.returns = False
    world.home.kill()


def kill_and_break(file: str) -> Deed:
    """Kill it, and let the disk have only half of a file when it comes back."""

    def break_(world: World) -> None:
        (world.home.storage / file).write_text(HALF)

    return _kill_and(break_)


def kill_and_delete(file: str) -> Deed:
    """Kill it, and let a file be gone when it comes back."""

    def delete(world: World) -> None:
        (world.home.storage / file).unlink(missing_ok=True)

    return _kill_and(delete)


def kill_and_jump(hours: float) -> Deed:
    """Kill it, and let the clock be wrong when it comes back."""
    return _kill_and(jump(hours))


def jump(hours: float) -> Deed:
    """Set Home Assistant's clock."""
    return lambda world: world.clock.jump(timedelta(hours=hours))


def faults(*wrong: Callable[[], Fault]) -> Deed:
    """Let AWS have faults from now on."""
    return lambda world: world.add(*(make() for make in wrong))


def expire_keys(world: World) -> None:
    """Let AWS refuse the keys from now on."""
    world.add(Refused(times=EVER, code="AuthFailure", status=401))


def fill_disk(world: World) -> None:
    """Let nothing more be written safely."""
    (world.home.folder / FULL).touch()


def fill_disk_until_restart(world: World) -> None:
    """Let the disk be full, Home Assistant be killed, and a person make room."""
    fill_disk(world)

    def empty(world: World) -> None:
        (world.home.folder / FULL).unlink()

    world.on_restart.append(empty)
    world.home.kill()


def interrupt(world: World) -> None:
    """Let AWS take the spot instance back."""
    world.interrupt()


def _kill_and(deed: Deed) -> Deed:
    def kill_and(world: World) -> None:
        world.on_restart.append(deed)
        world.home.kill()

    return kill_and
