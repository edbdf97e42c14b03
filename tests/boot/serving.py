"""Waiting for what a machine's server does."""

from collections.abc import Awaitable, Callable

from custom_components.gppde.quipgen import QuipgenClient
from custom_components.gppde.quipgen.answers import BatchProgress
from custom_components.gppde.quipgen.errors import UnreachableError
from tests.e2e.house.errors import NotSeenError
from tests.e2e.house.waiting import until

from .machine import Machine
from .tools import BootError

type Connect = Callable[..., QuipgenClient]

LONGEST_START = 60.0  # seconds
LONGEST_BATCH = 60.0  # seconds


async def answering(client: QuipgenClient, machine: Machine) -> None:
    """Wait until the server answers. Raises BootError, which tells what the machine did instead."""

    async def healthy() -> bool:
        try:
            await client.health()
        except UnreachableError:
            return False
        return True

    await _until("The server", LONGEST_START, healthy, machine)


async def finished(client: QuipgenClient, machine: Machine) -> BatchProgress:
    """Wait until the batch is finished."""
    await answering(client, machine)

    async def ended() -> BatchProgress | None:
        progress = await client.progress()
        return progress if progress.finished else None

    progress = await _until("The batch's end", LONGEST_BATCH, ended, machine)
    assert progress
    return progress


async def _until[T](
    what: str, seconds: float, look: Callable[[], Awaitable[T]], machine: Machine
) -> T:
    try:
        return await until(what, seconds, look, lambda: _still_on(machine))
    except NotSeenError as error:
        raise BootError(f"{error}.\n{machine.log}") from error


def _still_on(machine: Machine) -> None:
    if not machine.is_running:
        raise BootError(f"The machine went off.\n{machine.log}")
