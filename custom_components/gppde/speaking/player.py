"""One player, which says one quip at a time."""

import asyncio
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..quips.quip import Quip
from .playback import Playback
from .player_call import Outage, PlayerError
from .volume import BorrowedVolume

# In seconds.
LONGEST_WAIT = 20
"""A quip that comes later after its door moved is not worth saying."""
PAUSE = 1.0
"""Between two quips; it also covers the late starts of players that tell nothing."""


@dataclass(slots=True)
class Speech:
    """A quip to be said. `taken` tells, as soon as it is known, whether the player took it."""

    quip: Quip
    url: str
    volume: float | None
    taken: asyncio.Future[bool]

    def settle(self, *, taken: bool) -> None:
        """Tell whether the player took it, unless that is told or nobody asks any more."""
        if not self.taken.done():
            self.taken.set_result(taken)


class Player:
    """A media player or an Assist satellite. Its own turns queue, other players' do not matter."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry[Any], entity_id: str) -> None:
        self._hass = hass
        self._entry = entry
        self._entity_id = entity_id
        self._task_name = f"{entity_id} says a quip"
        self._volume = BorrowedVolume(hass, entity_id)
        self._outage = Outage(entity_id, "did not take a quip")
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._free_at = 0.0

    @property
    def trouble(self) -> PlayerError | None:
        """Why it did not take the last quip that it was asked to say, if it did not."""
        return self._outage.reason

    @callback
    def say(self, quip: Quip, url: str, volume: float | None) -> asyncio.Future[bool]:
        """Say a quip after those before it; a free player is called before this returns.

        The result is False if the player cannot, will not, or is busy for too long.
        """
        speech = Speech(quip, url, volume, self._hass.loop.create_future())
        if self._books(quip.duration):
            self._entry.async_create_background_task(
                self._hass, self._say_in_turn(speech), self._task_name
            )
        else:
            speech.settle(taken=False)
        return speech.taken

    def _books(self, duration: float) -> bool:
        now = self._hass.loop.time()
        starts_at = max(now, self._free_at) if self._turn.locked() else now
        if starts_at - now > LONGEST_WAIT:
            return False
        self._free_at = starts_at + duration + PAUSE
        return True

    async def _say_in_turn(self, speech: Speech) -> None:
        try:
            await self._wait_for_turn()
        except TimeoutError:
            speech.settle(taken=False)
            return
        try:
            await self._say(speech)
        finally:
            speech.settle(taken=False)
            self._turn.release()

    async def _wait_for_turn(self) -> None:
        if not self._turn.locked():
            await self._turn.acquire()
            return
        self._waiting += 1
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                await self._turn.acquire()
        finally:
            self._waiting -= 1

    async def _say(self, speech: Speech) -> None:
        playback = Playback(self._hass, self._entity_id, speech.quip)
        try:
            await self._volume.borrow(speech.volume)
            if await self._takes(playback, speech.url):
                speech.settle(taken=True)
                # A player that was off knows its volume only now.
                await self._volume.borrow(speech.volume)
                await playback.wait_for_end()
                await asyncio.sleep(PAUSE)
        finally:
            if not self._waiting or _is_cancelled():
                await self._volume.give_back()

    async def _takes(self, playback: Playback, url: str) -> bool:
        try:
            await playback.start(url)
        except PlayerError as error:
            self._outage.failed(error)
            return False
        self._outage.worked()
        return True


def _is_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
