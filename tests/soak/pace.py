"""How a week is spread over the minutes that it may take."""

from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

FIRST_SCENE = 5.0
"""Seconds that a scene takes, for who has seen none."""


@dataclass(slots=True)
class Pace:
    """`deadline` is our own time at which the week is to be over."""

    deadline: float
    scenes: int = 0
    _began: float = field(default_factory=monotonic)

    def mean_pause(self, left: timedelta) -> timedelta:
        """Return how long nothing may happen between two scenes, with so much of the week left."""
        now = monotonic()
        each = (now - self._began) / self.scenes if self.scenes else FIRST_SCENE
        return left / max((self.deadline - now) / each, 1)
