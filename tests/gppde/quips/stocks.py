"""Quips for a stock, and what runs its work at once."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from custom_components.gppde.quips.quip import Quip

from ..helpers import make_mp3, make_quip

MP3 = make_mp3()
START = datetime(2026, 11, 1, tzinfo=UTC)


async def at_once(job: Callable[..., Any], *args: Any) -> Any:
    """Run a job where it stands."""
    return job(*args)


def numbered(number: int) -> Quip:
    """Return the quip that was made as the number-th."""
    return make_quip(f"Line {number}.", created=START + timedelta(minutes=number))


def files_in(folder: Path) -> list[Path]:
    """Return all that lies in a folder and below."""
    return sorted(folder.rglob("*"))


def put_into(folder: Path, quips: list[Quip]) -> None:
    """Write quips into a heap, heard in this order."""
    folder.mkdir(parents=True)
    for number, quip in enumerate(quips):
        (folder / f"{quip.uuid}.json").write_bytes(quip.as_json())
        mp3 = folder / f"{quip.uuid}.mp3"
        mp3.write_bytes(MP3)
        os.utime(mp3, (number, number))
