"""What the personas said lately, for whoever would like to hear it again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from ..doors.door import Door, Spoken, Unspoken
from ..personas.persona import Persona
from ..quips.quip import Quip
from ..stops import stop_all

KEPT: Final = 10
"""Lines of each persona."""


@dataclass(frozen=True, slots=True)
class Line:
    """A quip that was said; `door` is the door's id, or None where only the disk remembers it."""

    uuid: str
    text: str
    persona: str
    door: str | None
    said_at: datetime


class Recent:
    """The last lines of each persona. They outlive a reload; after a restart the files tell."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[str, Line]] = {}

    def lines(self, persona: Persona) -> list[Line]:
        """Return what can be said again, the newest first."""
        lines = reversed(self._lines[persona.id].values())
        return [line for line in lines if persona.stock.get(line.uuid)]

    async def recall(self, persona: Persona) -> None:
        """Learn from the stock's files what was said before the start."""
        if persona.id in self._lines:
            return
        self._lines[persona.id] = {}
        quips = persona.stock.stale(KEPT)[::-1]
        times = await persona.stock.heard_at(quip.uuid for quip in quips)
        for quip in quips:
            if said_at := times.get(quip.uuid):
                self._note(quip, persona, None, said_at)

    @callback
    def listen(self, hass: HomeAssistant, doors: Iterable[Door]) -> CALLBACK_TYPE:
        """Take down what these doors say from now on; return what ends that."""
        stops = [
            async_dispatcher_connect(hass, door.signal, partial(self._told, door)) for door in doors
        ]
        return stop_all(stops)

    @callback
    def _told(self, door: Door, news: Spoken | Unspoken) -> None:
        if isinstance(news, Spoken):
            self._note(news.quip, door.persona, door, dt_util.utcnow())

    def _note(self, quip: Quip, persona: Persona, door: Door | None, said_at: datetime) -> None:
        lines = self._lines[persona.id]
        lines.pop(quip.uuid, None)
        door_id = door.id if door else None
        lines[quip.uuid] = Line(quip.uuid, quip.text, persona.id, door_id, said_at)
        if len(lines) > KEPT:
            del lines[next(iter(lines))]


RECENT: HassKey[Recent] = HassKey(f"{DOMAIN}_recent")
