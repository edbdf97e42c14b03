"""Who lives there, which doors they have, and when those open."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")
WEEK = timedelta(days=7)
CALM = timedelta(days=4, hours=8)
"""From then on nobody restarts anything, so that what grows is seen to grow."""
KITCHEN = "media_player.kitchen"
ATTIC = "media_player.attic"
STAIRS = "assist_satellite.stairs"
DOWNSTAIRS = "media_player.downstairs"
NIGHT = {"quiet_from": "22:00:00", "quiet_until": "07:00:00"}
# How many openings fall into each hour of a day: all asleep, off to school, home again.
BUSY = (1, 1, 1, 1, 0, 1, 4, 12, 10, 4, 4, 4, 7, 6, 4, 8, 10, 12, 10, 8, 6, 4, 3, 2)


@dataclass(frozen=True, slots=True)
class Speaks:
    """Where a door speaks, in order of preference, and for whom; `cool_down` in seconds."""

    name: str
    persona: str
    players: tuple[str, ...]
    cool_down: int = 0
    is_quiet_at_night: bool = False

    @property
    def key(self) -> str:
        """Return what its entities are called after."""
        return self.name.lower().replace(" ", "_")


PERSONAS = {
    "Hinge": "sunny",
    "Marvin": "sombre",
    "Latch": "sarcastic",
    "Knob": "comical",
    "Butler": "neutral",
}
DOORS = (
    Speaks("Front door", "Hinge", (KITCHEN,)),
    Speaks("Back door", "Hinge", (KITCHEN,)),
    Speaks("Garage door", "Butler", (KITCHEN,), cool_down=30),
    Speaks("Garden door", "Hinge", (DOWNSTAIRS,)),
    Speaks("Cellar door", "Marvin", (DOWNSTAIRS,)),
    Speaks("Shed door", "Marvin", (KITCHEN,), cool_down=600),
    Speaks("Kitchen door", "Knob", (KITCHEN,)),
    Speaks("Pantry door", "Knob", (KITCHEN,), cool_down=30),
    Speaks("Fridge", "Latch", (KITCHEN,)),
    Speaks("Dishwasher", "Latch", (DOWNSTAIRS,)),
    Speaks("Attic door", "Marvin", (ATTIC, KITCHEN)),
    Speaks("Study", "Butler", (ATTIC, KITCHEN), is_quiet_at_night=True),
    Speaks("Nursery", "Hinge", (ATTIC,), is_quiet_at_night=True),
    Speaks("Bedroom", "Butler", (ATTIC, STAIRS), is_quiet_at_night=True),
    Speaks("Guest room", "Butler", (STAIRS, ATTIC), is_quiet_at_night=True),
    Speaks("Bathroom", "Latch", (STAIRS,), is_quiet_at_night=True),
    Speaks("Wardrobe", "Knob", (STAIRS, KITCHEN), is_quiet_at_night=True),
    Speaks("Landing", "Marvin", (STAIRS,), cool_down=30),
    Speaks("Letterbox", "Latch", (KITCHEN, ATTIC)),
    Speaks("Cat flap", "Knob", (KITCHEN,), cool_down=60),
)


def beginning(now: datetime) -> datetime:
    """Return the next night that begins a week that crosses daylight saving and a month's end.

    The clocks change in the night to the last Sunday of March and of October, and within the seven
    days from then on the month ends.
    """
    day = now.astimezone(HERE).replace(hour=1, minute=30, second=0, microsecond=0)
    day += timedelta(days=1)
    while not (day.month in {3, 10} and day.weekday() == 6 and day.day >= 25):
        day += timedelta(days=1)
    return day


@dataclass(slots=True)
class Days:
    """Draws a household's days: which doors open next, and how much later."""

    rng: random.Random
    doors: list[Speaks] = field(default_factory=lambda: list(DOORS))

    def pause(self, now: datetime, mean: timedelta) -> timedelta:
        """Return how long nothing happens, where `mean` is the mean over a whole day."""
        share = BUSY[now.astimezone(HERE).hour] * len(BUSY) / sum(BUSY)
        return mean / max(share, 0.2) * self.rng.uniform(0.5, 1.5)

    def scene(self) -> Iterator[Speaks]:
        """Yield the doors that somebody passes in one go."""
        yield from self.rng.sample(self.doors, self.rng.choice([1, 1, 2, 2, 3, 4]))
