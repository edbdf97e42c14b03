"""Clips of voices: enough of them for whoever does not listen."""

from hashlib import sha256
from pathlib import Path

from homeassistant.core import HomeAssistant

from custom_components.gppde.personas.persona import stocks_folder

from .helpers import make_mp3

WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(24)
FLAC = b"fLaC" + bytes(38)
MP3 = make_mp3()
MP3_WITH_TITLE = b"ID3\4" + bytes(20) + MP3


def clip_id(clip: bytes) -> str:
    """Return the name under which a server knows a clip."""
    return f"clip-{sha256(clip).hexdigest()[:32]}"


def voices_folder(hass: HomeAssistant) -> Path:
    return stocks_folder(hass) / "voices"


def clips_on_disk(hass: HomeAssistant) -> list[bytes]:
    """Return what lies where clips belong, hidden or not."""
    folder = voices_folder(hass)
    return [file.read_bytes() for file in sorted(folder.iterdir())] if folder.is_dir() else []


def put_clip(hass: HomeAssistant, clip: bytes = WAV, kind: str = "wav") -> str:
    """Write a clip where a persona's settings may name it, and return its name."""
    name = f"{sha256(clip).hexdigest()}.{kind}"
    voices_folder(hass).mkdir(parents=True, exist_ok=True)
    (voices_folder(hass) / name).write_bytes(clip)
    return name
