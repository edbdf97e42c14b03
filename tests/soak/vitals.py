"""How much a process needs: memory, and open files."""

import statistics
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Need:
    """At one moment: resident memory in MiB, and open files."""

    memory: float
    files: int

    @classmethod
    def of(cls, pid: int) -> Need:
        process = Path("/proc") / str(pid)
        pages = int((process / "statm").read_text().split()[1])
        return cls(pages * 4096 / 2**20, len(list((process / "fd").iterdir())))


@dataclass(slots=True)
class Vitals:
    """What was needed since the last start."""

    needs: list[Need] = field(default_factory=list)

    def take(self, pid: int) -> None:
        """Look once more."""
        self.needs.append(Need.of(pid))

    def ends(self) -> tuple[Need, Need]:
        """Return the medians of the second and of the last quarter.

        In the first one it still loads what its first refill and its first visitors need.
        """
        quarter = max(1, len(self.needs) // 4)
        return _median(self.needs[quarter : 2 * quarter]), _median(self.needs[-quarter:])


def _median(needs: list[Need]) -> Need:
    return Need(
        statistics.median(need.memory for need in needs),
        int(statistics.median(need.files for need in needs)),
    )
