"""Hears in Home Assistant's events which doors opened, what they said, and how soon."""

import asyncio
import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple

from tests.e2e.house.client import Json

UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLAYERS: Final = {"media_player", "assist_satellite"}


class Opened(NamedTuple):
    """A door did, by the clock, while all players were silent or not."""

    at: datetime
    into_silence: bool


@dataclass(slots=True)
class Ears:
    """`doors` are the names of doors by their sensors.

    `spoken` are the quips that were said, `silences` how often a door kept silent and why, and
    `delays` the milliseconds from a sensor's event to the player's call. Those `openings` are
    `cut_short` whose Home Assistant was gone before the door had said anything, or why not. What
    opens first after a `hush` finds all players silent; `turns` are the delays of those that may
    have to wait until others have spoken. Those that remain `unanswered` are given up, and whoever
    answers `unasked` has not opened.
    """

    doors: dict[str, str]
    openings: int = 0
    cut_short: int = 0
    unanswered: int = 0
    unasked: int = 0
    spoken: list[str] = field(default_factory=list)
    silences: Counter[str] = field(default_factory=Counter)
    delays: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    _is_hushed: bool = False
    _waiting: defaultdict[str, deque[Opened]] = field(default_factory=lambda: defaultdict(deque))
    _called: dict[str, datetime] = field(default_factory=dict)

    @property
    def pending(self) -> int:
        """How many doors have opened and not answered yet."""
        return sum(map(len, self._waiting.values()))

    def hush(self) -> None:
        """All players are silent."""
        self._is_hushed = True

    async def listen(self, told: asyncio.Queue[Json]) -> None:
        """Listen to events until cancelled."""
        while True:
            self._hear(await told.get())

    def give_up(self) -> None:
        """Wait no longer for those that have not answered."""
        self.unanswered += self.pending
        self._waiting.clear()

    def interrupted(self) -> None:
        """Home Assistant has ended."""
        self.cut_short += self.pending
        self._waiting.clear()

    def _hear(self, event: Json) -> None:
        at, data = datetime.fromisoformat(event["time_fired"]), event["data"]
        match event["event_type"]:
            case "state_changed" if _has_opened(data) and data["entity_id"] in self.doors:
                self.openings += 1
                opened, self._is_hushed = Opened(at, self._is_hushed), False
                self._waiting[self.doors[data["entity_id"]]].append(opened)
            case "call_service" if data["domain"] in PLAYERS:
                for uuid in UUID.findall(str(data["service_data"])):
                    self._called.setdefault(uuid, at)
            case "gppde_quip":
                self._answer(data)

    def _answer(self, data: Json) -> None:
        waiting = self._waiting[data["name"]]
        if not waiting:
            self.unasked += 1
            return
        opened = waiting.popleft()
        if data["event_type"] != "said":
            self.silences[data["reason"]] += 1
            return
        self.spoken.append(data["uuid"])
        called = self._called.pop(data["uuid"], None)
        if called:
            delays = self.delays if opened.into_silence else self.turns
            delays.append((called - opened.at).total_seconds() * 1000)


def _has_opened(data: Json) -> bool:
    old, new = data["old_state"], data["new_state"]
    return bool(old and new and (old["state"], new["state"]) == ("off", "on"))
