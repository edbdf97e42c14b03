"""The actions, one module per family; each says so itself if there is nothing to act upon."""

from homeassistant.core import HomeAssistant, callback

from .add_quip import async_setup_add_quip
from .preflight import async_setup_preflight
from .quips import async_setup_quips
from .refills import async_setup_refills
from .say import async_setup_say


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register all of them, once per start."""
    async_setup_refills(hass)
    async_setup_preflight(hass)
    async_setup_say(hass)
    async_setup_quips(hass)
    async_setup_add_quip(hass)
