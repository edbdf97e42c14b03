"""What an mp3 tells of itself."""

from typing import IO, Any

from mutagen import MutagenError
from mutagen.id3 import ID3
from mutagen.mp3 import MPEGInfo

from .errors import ArchiveError

LAYER = 3


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


def title(file: IO[bytes]) -> str:
    """Return the title in the tags, or an empty text."""
    file.seek(0)
    try:
        tags: Any = ID3(file)
    except MutagenError, ValueError:
        return ""
    return str(tags.get("TIT2", ""))
