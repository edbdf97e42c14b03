"""The websocket command `gppde/subscribe`: what the dashboard card shows, at every change."""

from collections.abc import Callable
from typing import Any, Final

import voluptuous as vol
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import SIGNAL_CONFIG_ENTRY_CHANGED, ConfigEntryChange
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later

from ..const import DOMAIN
from ..data import GppdeConfigEntry, running_entry
from .snapshot import Json, take_snapshot

PERIOD: Final = 0.5
"""Seconds that lie between two snapshots, however much happens."""

SOON: Final = 0.05


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the command; where nothing is set up, its snapshot says so."""
    websocket_api.async_register_command(hass, _subscribe)


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe"})
@callback
def _subscribe(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    id_ = message["id"]

    def send(snapshot: Json) -> None:
        connection.send_message(websocket_api.event_message(id_, snapshot))

    watch = Watch(hass, send)
    connection.subscriptions[id_] = watch.stop
    connection.send_result(id_)
    watch.start()


class Watch:
    """Sends a snapshot at once, and after every change, also while entries come and go."""

    def __init__(self, hass: HomeAssistant, send: Callable[[Json], None]) -> None:
        self._hass = hass
        self._send = send
        self._sent: Json | None = None
        self._sent_at = 0.0
        self._stop_waiting: CALLBACK_TYPE | None = None
        self._stops: list[CALLBACK_TYPE] = []
        self._stops_of_entry: list[CALLBACK_TYPE] = []

    @callback
    def start(self) -> None:
        """Watch from now on."""
        listen = self._hass.bus.async_listen
        self._stops = [
            async_dispatcher_connect(self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed),
            # What goes by ids and names has got other ones.
            listen(dr.EVENT_DEVICE_REGISTRY_UPDATED, self._soon),
            listen(er.EVENT_ENTITY_REGISTRY_UPDATED, self._soon),
        ]
        self._attend()
        self._look()

    @callback
    def stop(self) -> None:
        """Watch no more."""
        for stop in (*self._stops, *self._stops_of_entry):
            stop()
        if self._stop_waiting:
            self._stop_waiting()

    @callback
    def _entry_changed(self, _: ConfigEntryChange, entry: GppdeConfigEntry) -> None:
        if entry.domain == DOMAIN:
            self._attend()
            self._soon()

    def _attend(self) -> None:
        """Listen to the parts of the entry, which are new ones after a reload."""
        for stop in self._stops_of_entry:
            stop()
        entry = running_entry(self._hass)
        self._stops_of_entry = [
            async_dispatcher_connect(self._hass, signal, self._soon)
            for signal in (_signals(entry) if entry else ())
        ]

    @callback
    def _soon(self, *_: Any) -> None:
        # News come in the door's own turn of the loop, which shall not wait for us.
        if self._stop_waiting is None:
            rest = self._sent_at + PERIOD - self._hass.loop.time()
            self._stop_waiting = async_call_later(self._hass, max(SOON, rest), self._look)

    @callback
    def _look(self, *_: Any) -> None:
        self._stop_waiting = None
        snapshot = take_snapshot(self._hass, running_entry(self._hass))
        if snapshot != self._sent:
            self._send(snapshot)
            self._sent, self._sent_at = snapshot, self._hass.loop.time()


def _signals(entry: GppdeConfigEntry) -> list[str]:
    data = entry.runtime_data
    return [
        *(persona.signal for persona in data.personas.values()),
        *(door.signal for door in data.doors.values()),
        data.refill.signal,
        *([data.instances.signal] if data.instances else []),
    ]
