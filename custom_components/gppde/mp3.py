"""What an mp3 tells of itself, once it has proved to be one."""

from dataclasses import dataclass
from typing import IO, Any

from mutagen import MutagenError
from mutagen.mp3 import MP3

from .errors import ArchiveError

LAYER = 3


@dataclass(frozen=True, slots=True)
class Recording:
    """An mp3: `duration` in seconds, `title` from its tags, empty where it has none."""

    duration: float
    title: str


def inspect(file: IO[bytes]) -> Recording:
    """Read the headers of a file that may be hostile. Raises ArchiveError unless it is an mp3."""
    try:
        mp3 = MP3(file)  # type: ignore[no-untyped-call]
    # mutagen parses the ID3 tags of strangers; what it cannot parse may be an error of any kind.
    except (MutagenError, ValueError, LookupError, ArithmeticError, TypeError) as error:
        raise ArchiveError("It is not an mp3.") from error
    info: Any = mp3.info
    if info.sketchy or info.layer != LAYER:
        raise ArchiveError("It is not an mp3.")
    return Recording(duration=float(info.length), title=_title(mp3))


def _title(mp3: MP3) -> str:
    frame = mp3.get("TIT2")  # type: ignore[no-untyped-call]
    return " ".join(str(frame).split()) if frame else ""
