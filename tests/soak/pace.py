"""How a week is spread over the minutes that it may take."""

from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

USUAL = 6.0
"""Seconds from one pause to the next."""
SEEN_BEFORE = 20
"""Pauses that were usual, as far as a beginner knows."""
LONGEST = timedelta(hours=4)


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
        each = (now - self._began + SEEN_BEFORE * USUAL) / (self.pauses + SEEN_BEFORE)
        return min(LONGEST, left / max((self.deadline - now) / each, 1))
