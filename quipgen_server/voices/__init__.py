"""The voices: one module for each engine behind one small protocol."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


@dataclass(frozen=True)
class Speech:
    """Mono samples from -1 to 1, and how many of them make a second."""

    samples: Samples
    rate: int


class Voice(Protocol):
    """`name` tells people which engine and voice it was."""

    @property
    def name(self) -> str: ...

    def speak(self, text: str) -> Speech:
        """Blocks while it speaks. Raises VoiceError."""
        ...
