"""The writer that the commands use."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .quippy import Quippy


def load_writer(model: str | Path | None) -> "Quippy":
    """Imports torch, which takes seconds, only when there is something to write."""
    from .quippy import Quippy  # noqa: PLC0415

    return Quippy.load(model)
