"""A door that moves, and may say something."""

import asyncio
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from math import inf
from time import monotonic
from typing import Any, Self

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util

from ..const import (
    CONF_COOL_DOWN,
    CONF_PLAYERS,
    CONF_QUIET_FROM,
    CONF_QUIET_UNTIL,
    CONF_SENSOR,
    CONF_SPEAK_ON,
    CONF_VOLUME,
    DOMAIN,
    SpeakOn,
)
from ..errors import StockError
from ..personas.persona import Persona
from ..personas.stock_issues import raise_stock_issue
from ..quips.quip import Quip
from ..speaking.speaker import Speaker
from .quiet_hours import QuietHours

# Coming from `unavailable` or `unknown` is no movement: a restart opens no door.
_MOVEMENTS = {(STATE_OFF, STATE_ON): SpeakOn.OPENED, (STATE_ON, STATE_OFF): SpeakOn.CLOSED}


class Silence(StrEnum):
    """Why a door that moved, or was asked, did not speak."""

    SWITCHED_OFF = "switched_off"
    QUIET_HOURS = "quiet_hours"
    COOLING_DOWN = "cooling_down"
    STOCK_EMPTY = "stock_empty"
    NO_PLAYER = "no_player"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A player, or a group, took the quip."""

    quip: Quip
    player: str


@dataclass(frozen=True, slots=True)
class Unspoken:
    """Nothing was said; `quip` is what would have been, if it came to that."""

    reason: Silence
    quip: Quip | None = None


type News = Spoken | Unspoken


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorConfig:
    """How a person set a door up; `cool_down` in seconds, `volume` 0 to 1 or the player's own."""

    name: str
    sensor: str
    players: tuple[str, ...]
    cool_down: float
    quiet_hours: QuietHours | None
    volume: float | None
    speak_on: SpeakOn

    @classmethod
    def from_subentry(cls, subentry: ConfigSubentry) -> Self:
        """Read what the flow stored."""
        settings = subentry.data
        start, end = settings.get(CONF_QUIET_FROM), settings.get(CONF_QUIET_UNTIL)
        quiet = start and end and QuietHours(time.fromisoformat(start), time.fromisoformat(end))
        return cls(
            name=subentry.title,
            sensor=settings[CONF_SENSOR],
            players=tuple(settings[CONF_PLAYERS]),
            cool_down=settings[CONF_COOL_DOWN],
            quiet_hours=quiet or None,
            volume=settings.get(CONF_VOLUME),
            speak_on=SpeakOn(settings[CONF_SPEAK_ON]),
        )


class Door:
    """Speaks through its players when its sensor moves. `id` is the subentry's."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        id: str,  # noqa: A002 - it is what the attribute is called
        config: DoorConfig,
        persona: Persona,
        speaker: Speaker,
    ) -> None:
        self.id = id
        self.persona = persona
        self.talkative = True
        self._hass = hass
        self._entry = entry
        self._config = config
        self._speaker = speaker
        self._tried_at = -inf

    @property
    def name(self) -> str:
        """What the door is called."""
        return self._config.name

    @property
    def signal(self) -> str:
        """Dispatched with a Spoken or an Unspoken."""
        return f"{DOMAIN}_door_{self.id}"

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Listen to the sensor; return what ends it."""
        return async_track_state_change_event(self._hass, self._config.sensor, self._sensor_changed)

    @callback
    def say(self, uuid: str | None = None) -> asyncio.Task[News] | None:
        """Say the next quip, or that one once more, because a person asked for it.

        Return what is going to tell what came of it. None: there is nothing to say.
        """
        self._tried_at = monotonic()
        persona = self.persona
        quip = persona.draw() if uuid is None else persona.stock.draw_named(uuid)
        if quip is None:
            self._tell(Unspoken(Silence.STOCK_EMPTY))
            return None
        # The task runs up to the player before anybody else is told: what listens may be slow.
        speech = self._entry.async_create_background_task(
            self._hass, self._deliver(quip), f"{self.name} says {quip.uuid}"
        )
        persona.changed()
        return speech

    async def try_out(self) -> News:
        """Say something, and return how that went once it is known."""
        quip = self.persona.draw()
        return await self._deliver(quip) if quip else Unspoken(Silence.STOCK_EMPTY)

    @callback
    def _sensor_changed(self, event: Event[EventStateChangedData]) -> None:
        if not self._heeds(event.data["old_state"], event.data["new_state"]):
            return
        if silence := self._silence():
            self._tell(Unspoken(silence))
        else:
            self.say()

    def _heeds(self, old: State | None, new: State | None) -> bool:
        if old is None or new is None:
            return False
        movement = _MOVEMENTS.get((old.state, new.state))
        return movement is not None and self._config.speak_on in (movement, SpeakOn.BOTH)

    def _silence(self) -> Silence | None:
        if not self.talkative:
            return Silence.SWITCHED_OFF
        if (quiet := self._config.quiet_hours) and dt_util.now().time() in quiet:
            return Silence.QUIET_HOURS
        if monotonic() - self._tried_at < self._config.cool_down:
            return Silence.COOLING_DOWN
        return None

    async def _deliver(self, quip: Quip) -> News:
        player = None
        try:
            player = await self._speaker.speak(quip, self._config.players, self._config.volume)
        finally:
            if player is None:
                # Without effect if a player fetched it all the same.
                self.persona.stock.give_back(quip)
        news: News = Unspoken(Silence.NO_PLAYER, quip)
        if player is not None:
            await self._note_heard(quip)
            news = Spoken(quip, player)
        self._tell(news)
        self.persona.changed()
        return news

    async def _note_heard(self, quip: Quip) -> None:
        if self._speaker.is_heard(quip):
            return
        try:
            await self.persona.stock.mark_stale(quip.uuid)
        except StockError as error:
            raise_stock_issue(self.persona, error)

    @callback
    def _tell(self, news: News) -> None:
        async_dispatcher_send(self._hass, self.signal, news)
