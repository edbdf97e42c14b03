"""Keeps the stocks' files in place while Home Assistant's backup reads them."""

from collections.abc import Iterator

from homeassistant.core import HomeAssistant

from .data import running_entry
from .quips.stock import Stock


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Hold: a file that moved after it was listed would make the whole backup fail."""
    for stock in _stocks(hass):
        await stock.hold()


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let go, however the backup ended."""
    for stock in _stocks(hass):
        stock.release()


def _stocks(hass: HomeAssistant) -> Iterator[Stock]:
    if entry := running_entry(hass):
        yield from (persona.stock for persona in entry.runtime_data.personas.values())
