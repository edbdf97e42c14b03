"""A clock that runs faster than time, so that 20 minutes are over in half of one."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

RATE = 40
"""All waiting times shrink by this factor together, so that their order stays."""


def shortened(seconds: float) -> float:
    """Return the seconds of real time that a wait takes."""
    return seconds / RATE


@dataclass(frozen=True, slots=True)
class FastClock:
    """Is shared by processes through a file; Home Assistant's may be set wrong, AWS's never is."""

    file: Path

    def start(self) -> None:
        self._write(time.time(), 0)

    def jump(self, by: timedelta) -> None:
        """Set Home Assistant's clock forward, or back."""
        began, wrong = self._read()
        self._write(began, wrong + by.total_seconds())

    def true(self) -> datetime:
        """Return the time at AWS."""
        began, _ = self._read()
        return _fast(began, time.time())

    def home(self) -> datetime:
        """Return the time that Home Assistant believes in."""
        began, wrong = self._read()
        return _fast(began, time.time()) + timedelta(seconds=wrong)

    def _read(self) -> tuple[float, float]:
        began, wrong = json.loads(self.file.read_text())
        return began, wrong

    def _write(self, began: float, wrong: float) -> None:
        part = self.file.with_suffix(".part")
        part.write_text(json.dumps([began, wrong]))
        part.rename(self.file)


def _fast(began: float, now: float) -> datetime:
    return datetime.fromtimestamp(began + (now - began) * RATE, UTC)


def monotonic() -> float:
    """Return fast seconds that nobody sets."""
    return time.monotonic() * RATE
