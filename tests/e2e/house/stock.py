"""A persona's stock as a person sees it: files in two folders."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shelves:
    """The UUIDs of the quips on disk; the mp3 is what makes one."""

    fresh: frozenset[str]
    stale: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        """Every quip there is."""
        return self.fresh | self.stale


def look(config: Path, persona_id: str) -> Shelves:
    """Read the folders of a persona's stock."""
    stock = config / "gppde" / persona_id
    fresh, stale = (
        frozenset(path.stem for path in (stock / shelf).glob("*.mp3"))
        for shelf in ("fresh", "stale")
    )
    return Shelves(fresh, stale)
