"""The voices: one module for each engine behind one small protocol."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from quipgen_server.persona import Persona

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Speech:
    """Mono samples from -1 to 1, and how many of them make a second."""

    samples: Samples
    rate: int


class Voice(Protocol):
    """`name` tells people which engine and voice it was; `batch` texts at once suit it best."""

    @property
    def name(self) -> str: ...

    @property
    def batch(self) -> int: ...

    def speak(self, texts: Sequence[str]) -> list[Speech]:
        """One for each text, whatever it is worth. Blocks. Raises VoiceError if it cannot speak."""
        ...


class Engine(Protocol):
    """Opens voices. One that does not clone never sees a clip."""

    @property
    def name(self) -> str: ...

    @property
    def clones(self) -> bool: ...

    def open(self, persona: Persona, clip: Speech | None) -> Voice:
        """Raises VoiceError where the engine, or this voice of it, is missing."""
        ...

    def voices(self) -> list[str]:
        """Names that a persona may give as its voice. Raises VoiceError."""
        ...
