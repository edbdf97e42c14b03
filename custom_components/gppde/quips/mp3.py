"""What an mp3 tells of itself."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from mutagen import MutagenError
from mutagen.id3 import ID3
from mutagen.mp3 import HeaderNotFoundError, MPEGFrame, MPEGInfo

from ..errors import ArchiveError
from .quip import Quip, speakable

LAYER = 3
SAMPLES = 1152
"""In a frame of MPEG 1; those of later versions have half as many."""


def measure(file: IO[bytes]) -> float:
    """Return the duration in seconds. Raises ArchiveError unless it is an mp3, whatever its name.

    The tags are not read: they may be compressed, and a stranger's may be a bomb.
    """
    try:
        info: Any = MPEGInfo(file)
    except (MutagenError, ValueError, ArithmeticError) as error:
        raise ArchiveError("It is not an mp3.") from error
    if info.sketchy or info.layer != LAYER:
        raise ArchiveError("It is not an mp3.")
    return float(info.length)


def seconds_of(file: IO[bytes]) -> float:
    """Return the duration frame by frame, in 0.1 s for a minute of sound.

    `measure` estimates it where the bit rate varies and the encoder, as one that writes to a pipe,
    could not note it at the beginning.
    """
    seconds = 0.0
    file.seek(MPEGInfo(file).frame_offset)
    with suppress(HeaderNotFoundError):
        while True:
            frame: Any = MPEGFrame(file)
            seconds += SAMPLES / (1 if frame.version == 1 else 2) / frame.sample_rate
    return seconds


def quip_of(mp3: Path) -> Quip:
    """Return what a person's mp3 becomes. Raises ArchiveError unless it is one, and OSError."""
    with mp3.open("rb") as file:
        duration = measure(file)
        text = speakable(title(file)) or speakable(mp3.stem) or "?"
    return Quip(
        uuid=str(uuid4()),
        text=text,
        persona="",
        tone="",
        duration=duration,
        created=datetime.now(UTC),
    )


def title(file: IO[bytes]) -> str:
    """Return the title in the tags, or an empty text."""
    file.seek(0)
    try:
        tags: Any = ID3(file)
    except MutagenError, ValueError:
        return ""
    return str(tags.get("TIT2", ""))
