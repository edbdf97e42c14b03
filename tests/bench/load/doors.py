"""Many doors that open within a second, in a real Home Assistant."""

import asyncio
import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from homeassistant.components.media_player import DOMAIN as MEDIA_PLAYER
from homeassistant.components.websocket_api.messages import construct_event_message
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_component import DATA_INSTANCES

from custom_components.gppde.dashboard.websocket import WATCH
from custom_components.gppde.data import running_entry
from custom_components.gppde.doors.door import Door, News, Spoken

from ..door import StopwatchPlayer
from ..start import Home, house, set_up
from .heart import heart
from .memory import resident

LONGEST = 120.0
"""Seconds within which each door has told what came of it."""


@dataclass(frozen=True)
class Rush:
    """Doors that all open within `seconds`, on so many players, before so many dashboards."""

    doors: int
    players: int
    dashboards: int = 0
    seconds: float = 1.0


@dataclass(frozen=True)
class Row:
    """Milliseconds from sensor to player, and of the longest wait for the loop; `settled` are the
    seconds from the first opening until each door had told, its quip being stale on disk; `memory`
    is what the process grew by, in MB.
    """

    doors: int
    players: int
    dashboards: int
    seconds: float
    spoken: int
    unspoken: dict[str, int]
    median: float
    p99: float
    longest: float
    busy: float
    stalled: float
    settled: float
    memory: float


@dataclass
class Notes:
    """When sensors moved and players were called, and what the doors told, by the doors' ids."""

    doors: int
    moved: dict[str, float] = field(default_factory=dict)
    called: dict[str, float] = field(default_factory=dict)
    news: dict[str, News] = field(default_factory=dict)
    all_told: asyncio.Event = field(default_factory=asyncio.Event)

    @callback
    def told(self, door: Door, news: News) -> None:
        self.news[door.id] = news
        if len(self.news) == self.doors:
            self.all_told.set()

    def delays(self) -> Iterator[float]:
        """Yield the seconds from sensor to player of each door that spoke."""
        for id_, news in self.news.items():
            if isinstance(news, Spoken):
                yield self.called[news.quip.uuid] - self.moved[id_]

    def reasons(self) -> dict[str, int]:
        silences = (news for news in self.news.values() if not isinstance(news, Spoken))
        return dict(Counter(str(news.reason) for news in silences))


class NotingPlayer(StopwatchPlayer):
    """Notes when it is told to play which quip."""

    def __init__(self, name: str, called: dict[str, float]) -> None:
        super().__init__(name)
        self._called = called

    async def async_play_media(self, *_: Any, **options: Any) -> None:
        """Take it."""
        uuid = options["media_id"].rpartition("/")[2].partition(".")[0]
        self._called[uuid] = perf_counter()


async def measure(rush: Rush) -> Row:
    """Let them open in a Home Assistant of their own."""
    home = Home(rush.doors, 2 * rush.doors, rush.players)
    notes = Notes(rush.doors)
    async with house(home) as hass:
        await add_players(hass, home, notes)
        await set_up(hass, home)
        gc.collect()
        with listening(hass, notes), watched(hass, rush.dashboards):
            return await measured(hass, rush, notes)


async def add_players(hass: HomeAssistant, home: Home, notes: Notes) -> None:
    """Put players in the place of their mere states."""
    players = [NotingPlayer(f"player_{number}", notes.called) for number in range(home.players)]
    for player in players:
        hass.states.async_remove(player.entity_id)
    await hass.data[DATA_INSTANCES][MEDIA_PLAYER].async_add_entities(players)


@contextmanager
def listening(hass: HomeAssistant, notes: Notes) -> Iterator[None]:
    """Take down what the doors tell."""
    entry = running_entry(hass)
    assert entry
    doors = entry.runtime_data.doors.values()
    ends = [
        async_dispatcher_connect(hass, door.signal, partial(notes.told, door)) for door in doors
    ]
    yield
    for end in ends:
        end()


@contextmanager
def watched(hass: HomeAssistant, dashboards: int) -> Iterator[None]:
    """Have cards shown, up to the bytes that would be sent to them."""

    def tell(snapshot: bytes) -> None:
        construct_event_message(1, snapshot)

    leaves = [hass.data[WATCH].add(tell) for _ in range(dashboards)]
    yield
    for leave in leaves:
        leave()


async def measured(hass: HomeAssistant, rush: Rush, notes: Notes) -> Row:
    """Open them all, and wait until each has told."""
    memory, started = resident(), perf_counter()
    async with heart() as felt:
        await open_all(hass, rush, notes)
        await asyncio.wait_for(notes.all_told.wait(), LONGEST)
    settled = perf_counter() - started
    delays = sorted(notes.delays())
    return Row(
        doors=rush.doors,
        players=rush.players,
        dashboards=rush.dashboards,
        seconds=rush.seconds,
        spoken=len(delays),
        unspoken=notes.reasons(),
        median=median(delays) * 1e3,
        p99=quantiles(delays, n=100, method="inclusive")[98] * 1e3,
        longest=delays[-1] * 1e3,
        busy=felt.busy * 1e3,
        stalled=felt.stalled * 1e3,
        settled=settled,
        memory=resident() - memory,
    )


async def open_all(hass: HomeAssistant, rush: Rush, notes: Notes) -> None:
    """Move the sensors at even distances, or in one turn of the loop where there is no time."""
    started = perf_counter()
    for number in range(rush.doors):
        wait = started + number * rush.seconds / rush.doors - perf_counter()
        if rush.seconds:
            await asyncio.sleep(wait)
        notes.moved[f"door-{number}"] = perf_counter()
        hass.states.async_set(f"binary_sensor.door_{number}", "on")
