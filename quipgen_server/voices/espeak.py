"""espeak-ng as a subprocess: the voice that always works."""

import io
import shutil
import subprocess
import wave
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from quipgen_server.errors import VoiceError
from quipgen_server.persona import Persona, Tone

from . import Speech

DEFAULT_VOICE = "en-gb"
LONGEST_WAIT = 20  # seconds; a line takes a fraction of one


class Manner(NamedTuple):
    """`pitch` from 0 to 99, `speed` in words a minute."""

    pitch: int
    speed: int


MANNERS = {
    Tone.NEUTRAL: Manner(45, 160),
    Tone.SUNNY: Manner(65, 175),
    Tone.SARCASTIC: Manner(35, 145),
    Tone.COMICAL: Manner(75, 165),
    Tone.SOMBRE: Manner(15, 125),
}


class EspeakEngine:
    name = "espeak-ng"
    clones = False

    def open(self, persona: Persona, clip: Speech | None = None) -> "Espeak":  # noqa: ARG002
        return Espeak(persona)

    def voices(self) -> list[str]:
        table = _run([_program(), "--voices"], self.name).decode(errors="replace")
        return sorted(line.split()[1] for line in table.splitlines()[1:] if line.strip())


class Espeak:
    """Raises VoiceError where espeak-ng or the persona's voice is missing."""

    batch = 1

    def __init__(self, persona: Persona) -> None:
        voice = persona.voice or DEFAULT_VOICE
        manner = MANNERS[persona.tone]
        self.name = f"espeak-ng {voice}"
        self._command = [_program(), f"-v{voice}", f"-p{manner.pitch}", f"-s{manner.speed}"]
        self._run("-q")  # tells at once that a voice is unknown

    def speak(self, texts: Sequence[str]) -> list[Speech]:
        return [_read_wav(self._run("--stdout", text=text)) for text in texts]

    def _run(self, *options: str, text: str = "") -> bytes:
        return _run([*self._command, *options, "--stdin"], self.name, text)


def _run(command: Sequence[str], name: str, text: str = "") -> bytes:
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the voice's name was checked
            command,
            input=text.encode(),
            capture_output=True,
            timeout=LONGEST_WAIT,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip()
        raise VoiceError(
            f"{name} does not speak: {reason} `quipgen voices` lists the voices.",
        ) from error
    except (subprocess.TimeoutExpired, OSError) as error:
        raise VoiceError(f"{name} does not speak: {error}") from error
    return done.stdout


def _program() -> str:
    program = shutil.which("espeak-ng")
    if program is None:
        raise VoiceError("espeak-ng is missing. Install it: `sudo apt install espeak-ng`.")
    return program


def _read_wav(content: bytes) -> Speech:
    """A stream's header overstates its length, so all that is there is read."""
    try:
        with wave.open(io.BytesIO(content)) as sound:
            frames = sound.readframes(sound.getnframes())
            samples = np.frombuffer(frames, dtype="<i2").astype(np.float32)
            return Speech(samples / np.float32(2**15), sound.getframerate())
    except (wave.Error, EOFError, ValueError) as error:
        raise VoiceError(f"espeak-ng sent no sound: {error}") from error
