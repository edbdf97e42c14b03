"""A voice that fails now and then, as engines do."""

from collections.abc import Iterable, Sequence
from itertools import cycle

from quipgen_server.audio import RATE
from quipgen_server.errors import VoiceError
from quipgen_server.persona import Persona
from quipgen_server.voices import Speech
from quipgen_server.writing import Stopped

from .sound import a_silence, a_tone


class Actor:
    """Speaks, is `mute` or `fails`, as `moods` has it, over and over."""

    name = "actor"

    def __init__(self, moods: Iterable[str], *, batch: int = 1, clones: bool = False) -> None:
        self._moods = cycle(moods)
        self.tried: list[str] = []
        self.clips: list[Speech | None] = []
        self.batch = batch
        self.clones = clones

    def __call__(self, persona: Persona, _: Stopped) -> "Actor":
        return self.open(persona, None)

    def open(self, _: Persona, clip: Speech | None) -> "Actor":
        self.clips.append(clip)
        return self

    def voices(self) -> list[str]:
        return ["actor"]

    def speak(self, texts: Sequence[str]) -> list[Speech]:
        return [self._speak(text) for text in texts]

    def _speak(self, text: str) -> Speech:
        self.tried.append(text)
        mood = next(self._moods)
        if mood == "fails":
            raise VoiceError("The actor has a sore throat.")
        return Speech(a_silence(1) if mood == "mute" else a_tone(0.5), RATE)
