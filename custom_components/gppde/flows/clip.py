"""The clip that a person uploads for a persona to speak like."""

import logging

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import FileSelector, FileSelectorConfig

from ..errors import GppdeError, StockError
from ..personas.clips import clips

LARGEST = 10 * 2**20
"""Bytes; more than that no quipgen server takes."""
UPLOAD = FileSelector(FileSelectorConfig(accept="audio/wav,audio/mpeg,audio/flac,.wav,.mp3,.flac"))

MP3_SYNC = 0xFFE0
MP3_LAYER = 0x0006
"""Bits that are 0 in AAC, which begins like an mp3 otherwise."""

_LOGGER = logging.getLogger(__name__)


class UploadError(GppdeError):
    """What was uploaded cannot be kept as a clip; `key` names the text that tells why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


async def take_clip(hass: HomeAssistant, upload: str) -> str:
    """Keep what was uploaded and return the clip's name. Raises UploadError."""
    content = await hass.async_add_executor_job(_read, hass, upload)
    kind = kind_of(content)
    if kind is None:
        raise UploadError("clip_of_unknown_kind")
    try:
        return await clips(hass).add(content, kind)
    except StockError as error:
        _LOGGER.warning("The clip cannot be stored: %s", error)
        raise UploadError("clip_not_stored") from error


def kind_of(content: bytes) -> str | None:
    """Tell by its first bytes what a file claims to be; whether it is one, a server finds out."""
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "wav"
    if content.startswith(b"fLaC"):
        return "flac"
    start = int.from_bytes(content[:2])
    is_mp3 = start & MP3_SYNC == MP3_SYNC and start & MP3_LAYER
    return "mp3" if content.startswith(b"ID3") or is_mp3 else None


def _read(hass: HomeAssistant, upload: str) -> bytes:
    try:
        with process_uploaded_file(hass, upload) as file:
            if file.stat().st_size > LARGEST:
                raise UploadError("clip_too_large")
            return file.read_bytes()
    except (OSError, ValueError) as error:
        raise UploadError("clip_lost") from error
