"""A child process in a process group of its own, which leaves nothing behind."""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from .errors import EndedError

GRACE = 20
# Even if we are killed, the child is not left behind.
DIE_WITH_US = ("setpriv", "--pdeathsig", "KILL")


class Child:
    """One program: its whole group ends with it. Its output is appended to `log`."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        log: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._command = command
        self._environment = {**os.environ, **(environment or {})}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The number of its process; raises EndedError."""
        self.check()
        assert self._process
        return self._process.pid

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the program; a second start follows a stop or a kill."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *DIE_WITH_US,
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment,
                start_new_session=True,
            )

    async def end(self) -> int | None:
        """Wait until the program ends by itself, and return its exit status."""
        return await self._process.wait() if self._process else None

    def check(self) -> None:
        """Raise EndedError where the program is no longer running."""
        if self._process is None or self._process.returncode is not None:
            raise EndedError(f"{self.name} ended; its last words:\n{self.last_words()}")

    def last_words(self) -> str:
        """Return the end of the log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    async def stop(self) -> None:
        """Ask the program to end, and make sure of it."""
        self._signal(signal.SIGTERM)
        if self._process is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._process.wait()), GRACE)
        await self.kill()

    async def kill(self) -> None:
        """Kill -9 the program and all its children."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            await self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        # The group outlives its leader as long as any child of it lives.
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
