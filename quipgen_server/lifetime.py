"""When a server must end that has a machine of its own, and the command that ends the machine."""

import asyncio
import logging
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

log = logging.getLogger(__name__)

LOOK = 1.0  # seconds
LONGEST_COMMAND = 60.0  # seconds


def since_boot() -> float:
    """Seconds since the machine started: a server that starts again gains no time by it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass
class Lifetime:
    """Ends `boot` seconds after the machine started, and `idle` seconds after a batch's end."""

    boot: float
    idle: float
    is_finished: Callable[[], bool]
    clock: Callable[[], float] = since_boot
    _dismissed: bool = False
    _finished_at: float | None = field(default=None, init=False)

    def dismiss(self) -> None:
        self._dismissed = True

    async def ended(self) -> str:
        """Waits for the end, and tells its reason."""
        while not (reason := self._reason()):  # noqa: ASYNC110  clocks have no event
            await asyncio.sleep(LOOK)
        return reason

    def _reason(self) -> str:
        now = self.clock()
        if not self.is_finished():
            self._finished_at = None
        elif self._finished_at is None:
            self._finished_at = now
        if self._dismissed:
            return "It was dismissed"
        if now >= self.boot:
            return f"The machine has run for {now / 60:.1f} minutes"
        if self._finished_at is not None and now >= self._finished_at + self.idle:
            return f"The batch has been finished for {self.idle / 60:.1f} minutes"
        return ""


def end_machine(command: Sequence[str]) -> None:
    """The last act. What goes wrong can only be logged: other guards end the machine then."""
    log.info("Ending the machine: %s", command[0])
    try:
        subprocess.run(command, check=True, timeout=LONGEST_COMMAND)  # noqa: S603  the owner's own
    except (OSError, subprocess.SubprocessError):
        log.exception("The machine was not ended")
