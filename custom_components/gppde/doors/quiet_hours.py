"""The hours in which a door keeps quiet."""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A daily span of local time: `start` belongs to it, `end` no more; it may span midnight.

    It is compared with what a clock on the wall shows, so it holds on days of 23 or 25 hours too.
    """

    start: time
    end: time

    def __contains__(self, moment: time) -> bool:
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end
