"""How a week is spread over the minutes that it may take."""

from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

FIRST_PAUSE = 5.0
"""Seconds from one to the next, for who has seen none."""


@dataclass(slots=True)
class Pace:
    """`deadline` is our own time at which the week is to be over, and `pauses` those in which
    hours might pass: while an instance runs they may not, which takes its time as well.
    """

    deadline: float
    pauses: int = 0
    _began: float = field(default_factory=monotonic)

    def mean_pause(self, left: timedelta) -> timedelta:
        """Return how long nothing may happen between two scenes, with so much of the week left."""
        now = monotonic()
        each = (now - self._began) / self.pauses if self.pauses else FIRST_PAUSE
        return left / max((self.deadline - now) / each, 1)
