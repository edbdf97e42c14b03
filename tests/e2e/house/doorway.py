"""A person at the front door: opens it, listens, and takes the time."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Self
from urllib.parse import urlsplit

from .client import Client, Json
from .gppde import PLAYER, SENSOR, TOGGLE
from .house import House
from .waiting import within

ANSWER = 10
# Who comes back in the same breath waits until the player is free again, which would be measured.
BREATH = 2
LONGEST_QUIP = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """What happened when the door opened; `milliseconds` from the sensor to the player's call."""

    uuid: str
    text: str
    milliseconds: float
    stock: int


class Doorway:
    """The front door, and what Home Assistant tells about it."""

    def __init__(self, house: House, client: Client, told: asyncio.Queue[Json]) -> None:
        self._house = house
        self._client = client
        self._told = told
        self._entities = house.gppde.entities

    @classmethod
    @asynccontextmanager
    async def stand(cls, house: House) -> AsyncGenerator[Self]:
        """Stand at the door, all ears."""
        client = house.home_assistant.client
        async with client.events() as told:
            yield cls(house, client, told)

    async def open(self) -> Opening:
        """Open the door; raises NotSeenError where it keeps silent."""
        while not self._told.empty():
            self._told.get_nowait()
        async with within(ANSWER, "The door's answer"):
            await self._client.call("input_boolean.turn_on", TOGGLE)
            moved = await self._event(_opened)
            called = await self._event(_called)
            said = await self._event(self._said)
        quip = said["data"]["new_state"]["attributes"]
        stock = await self._client.state(self._entities["sensor.quip_stock"])
        delay = _fired_at(called) - _fired_at(moved)
        return Opening(quip["uuid"], quip["text"], delay.total_seconds() * 1000, int(stock))

    async def close(self) -> None:
        """Close the door once the player has finished; raises NotSeenError."""
        await self._house.mpd.silence(LONGEST_QUIP)
        await asyncio.sleep(BREATH)
        await self._client.call("input_boolean.turn_off", TOGGLE)

    async def _event(self, is_it: Callable[[Json], bool]) -> Json:
        while not is_it(event := await self._told.get()):
            pass
        return event

    def _said(self, event: Json) -> bool:
        return _changed(event, self._entities["event.quip"]) and (
            event["data"]["new_state"]["attributes"].get("event_type") == "said"
        )


def uuid_of(url: str) -> str:
    """Return the UUID of the quip that a player fetched."""
    return PurePosixPath(urlsplit(url).path).stem


def _opened(event: Json) -> bool:
    return _changed(event, SENSOR) and event["data"]["new_state"]["state"] == "on"


def _called(event: Json) -> bool:
    data = event["data"]
    return (
        event["event_type"] == "call_service"
        and (data["domain"], data["service"]) == ("media_player", "play_media")
        and PLAYER in data["service_data"]["entity_id"]
    )


def _changed(event: Json, entity_id: str) -> bool:
    return (
        event["event_type"] == "state_changed"
        and event["data"]["entity_id"] == entity_id
        and event["data"]["new_state"] is not None
    )


def _fired_at(event: Json) -> datetime:
    return datetime.fromisoformat(event["time_fired"])
