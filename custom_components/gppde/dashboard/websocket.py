"""The websocket command `gppde/subscribe`: what the dashboard card shows, at every change."""

from typing import Any

import voluptuous as vol
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.components.websocket_api.messages import construct_event_message
from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import DOMAIN
from .watch import Watch

WATCH: HassKey[Watch] = HassKey(f"{DOMAIN}_watch")


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the command; where nothing is set up, its snapshot says so."""
    hass.data[WATCH] = Watch(hass)
    websocket_api.async_register_command(hass, _subscribe)


@websocket_api.websocket_command({vol.Required("type"): f"{DOMAIN}/subscribe"})
@callback
def _subscribe(hass: HomeAssistant, connection: ActiveConnection, message: dict[str, Any]) -> None:
    id_ = message["id"]

    def tell(snapshot: bytes) -> None:
        connection.send_message(construct_event_message(id_, snapshot))

    connection.send_result(id_)
    connection.subscriptions[id_] = hass.data[WATCH].add(tell)
