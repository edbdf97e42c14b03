"""What a recording holds, as ffmpeg hears it."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from .errors import HouseError

AUDIBLE = -30.0


@dataclass(frozen=True, slots=True)
class Sound:
    """One recorded stretch: seconds, and the loudest sample in dBFS."""

    path: Path
    seconds: float
    peak: float

    @property
    def is_audible(self) -> bool:
        """Whether a person would have heard it."""
        return self.peak > AUDIBLE and self.seconds > 0.3


async def measure(path: Path) -> Sound:
    """Measure one wav file; raises HouseError where ffmpeg finds no sound in it."""
    ffmpeg = await asyncio.create_subprocess_exec(
        *("ffmpeg", "-hide_banner", "-nostdin", "-i", path, "-af", "volumedetect"),
        *("-f", "null", "-"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, output = await ffmpeg.communicate()
    heard = output.decode(errors="replace")
    time = re.findall(r"time=(\d+):(\d+):([\d.]+)", heard)
    peak = re.search(r"max_volume: (-?[\d.]+) dB", heard)
    if not time or not peak:
        raise HouseError(f"ffmpeg finds no sound in {path}:\n{heard}")
    hours, minutes, seconds = time[-1]
    return Sound(path, int(hours) * 3600 + int(minutes) * 60 + float(seconds), float(peak[1]))


async def audible(recordings: Iterable[Path]) -> list[Sound]:
    """Measure recordings and leave out the inaudible ones."""
    sounds = [await measure(path) for path in recordings]
    return [sound for sound in sounds if sound.is_audible]
