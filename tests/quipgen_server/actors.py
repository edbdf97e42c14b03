"""A voice that fails now and then, as engines do."""

from collections.abc import Iterable
from itertools import cycle

from quipgen_server.audio import RATE
from quipgen_server.errors import VoiceError
from quipgen_server.persona import Persona
from quipgen_server.voices import Speech

from .sound import a_silence, a_tone


class Actor:
    """Speaks, is `mute` or `fails`, as `moods` has it, over and over."""

    name = "actor"

    def __init__(self, moods: Iterable[str]) -> None:
        self._moods = cycle(moods)
        self.tried: list[str] = []

    def __call__(self, _: Persona) -> "Actor":
        return self

    def speak(self, text: str) -> Speech:
        self.tried.append(text)
        mood = next(self._moods)
        if mood == "fails":
            raise VoiceError("The actor has a sore throat.")
        return Speech(a_silence(1) if mood == "mute" else a_tone(0.5), RATE)
