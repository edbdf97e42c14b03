"""Tells dashboards what the card shows, at every change."""

from collections.abc import Callable
from typing import Any, Final

from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.json import json_bytes

from ..const import DOMAIN
from ..data import GppdeConfigEntry, running_entry
from ..stops import stop_all
from .snapshot import take_snapshot

PERIOD: Final = 0.5
"""Seconds that lie between two snapshots, however much happens."""

SOON: Final = 0.05

type Tell = Callable[[bytes], None]


class Watch:
    """Takes a snapshot after every change while anybody watches, also while entries come and go.

    All are told the same bytes of JSON, which are made once for however many.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._watchers: list[Tell] = []
        self._told = b""
        self._told_at = 0.0
        self._stop_waiting: CALLBACK_TYPE | None = None
        self._stop_listening: CALLBACK_TYPE | None = None
        self._stop_following: CALLBACK_TYPE | None = None

    @callback
    def add(self, tell: Tell) -> CALLBACK_TYPE:
        """Tell at once, and after every change; return what ends that."""
        if not self._watchers:
            self._start()
        self._look()
        self._watchers.append(tell)
        tell(self._told)

        @callback
        def leave() -> None:
            self._watchers.remove(tell)
            if not self._watchers:
                self._stop()

        return leave

    def _start(self) -> None:
        listen = self._hass.bus.async_listen
        self._stop_listening = stop_all(
            [
                async_dispatcher_connect(
                    self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
                ),
                # What goes by ids and names has got other ones.
                listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._soon),
                listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._soon),
            ]
        )
        self._follow()

    def _stop(self) -> None:
        for stop in self._stop_listening, self._stop_following, self._stop_waiting:
            if stop:
                stop()
        self._stop_listening = self._stop_following = self._stop_waiting = None

    @callback
    def _entry_changed(self, _: ConfigEntryChange, entry: GppdeConfigEntry) -> None:
        if entry.domain == DOMAIN:
            self._follow()
            self._soon()

    def _follow(self) -> None:
        """Listen to the parts of the entry, which are new ones after a reload."""
        if self._stop_following:
            self._stop_following()
        entry = running_entry(self._hass)
        signals = _signals(entry) if entry else ()
        self._stop_following = stop_all(
            [async_dispatcher_connect(self._hass, signal, self._soon) for signal in signals]
        )

    @callback
    def _soon(self, *_: Any) -> None:
        # News come in the door's own turn of the loop, which shall not wait for us.
        if self._stop_waiting is None:
            rest = self._told_at + PERIOD - self._hass.loop.time()
            self._stop_waiting = async_call_later(self._hass, max(SOON, rest), self._look)

    @callback
    def _look(self, *_: Any) -> None:
        if self._stop_waiting:
            self._stop_waiting()
            self._stop_waiting = None
        snapshot = json_bytes(take_snapshot(self._hass, running_entry(self._hass)))
        if snapshot != self._told:
            self._told, self._told_at = snapshot, self._hass.loop.time()
            for tell in self._watchers:
                tell(snapshot)


def _signals(entry: GppdeConfigEntry) -> list[str]:
    data = entry.runtime_data
    return [
        *(persona.signal for persona in data.personas.values()),
        *(door.signal for door in data.doors.values()),
        data.refill.signal,
        *([data.instances.signal] if data.instances else []),
    ]
