"""What goes wrong with instances and at AWS, one after another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.gppde.aws.faults import Cut, Fault, Forgotten, Lost, Refused

from .household import CALM

if TYPE_CHECKING:
    from .life import Life

type Deed = Callable[[Life], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """`faults` befall the calls from an instance's launch on, and the `deed` is done at some moment
    of its life; but only up to a moment of the week.
    """

    name: str
    faults: Callable[[], list[Fault]] = list
    deed: Deed | None = None
    until: timedelta = timedelta.max


async def take_back(life: Life) -> None:
    """Let AWS interrupt the instance."""
    await asyncio.to_thread(life.aws.machines.interrupt)


async def kill(life: Life) -> None:
    """Kill -9 Home Assistant."""
    await life.home.kill()


async def restart(life: Life) -> None:
    """Let somebody restart Home Assistant."""
    await life.home.restart()


async def stop_refill(life: Life) -> None:
    """Let somebody lose patience."""
    await life.home.client.command("call_service", domain="gppde", service="stop_refill")


TROUBLES = (
    Trouble(name="nothing"),
    Trouble(name="Home Assistant is killed meanwhile", deed=kill, until=CALM),
    Trouble(
        name="no spot instance is left",
        faults=lambda: [Refused(action="RunInstances", code="MaxSpotInstanceCountExceeded")],
    ),
    Trouble(name="it is taken back by AWS", deed=take_back),
    Trouble(name="a launch's answer is lost", faults=lambda: [Lost(action="RunInstances")]),
    Trouble(
        name="AWS throttles",
        faults=lambda: [
            Refused(action="DescribeInstances", code="RequestLimitExceeded", status=503, times=2)
        ],
    ),
    Trouble(name="somebody restarts Home Assistant", deed=restart, until=CALM),
    Trouble(
        name="AWS refuses twice to end it",
        faults=lambda: [
            Refused(action="TerminateInstances", code="OperationNotPermitted", times=2)
        ],
    ),
    Trouble(
        name="AWS forgets it for a while",
        faults=lambda: [Forgotten(action="DescribeInstances", times=2)],
    ),
    Trouble(name="somebody stops the refill", deed=stop_refill),
    Trouble(
        name="nobody hears that it is to end", faults=lambda: [Cut(action="TerminateInstances")]
    ),
)
