"""The dashboard card: its files, and the frontend that is to load them."""

from pathlib import Path
from typing import Final

from homeassistant.components import frontend
from homeassistant.components.http import StaticPathConfig
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.loader import async_get_integration

from ..const import DOMAIN

FOLDER: Final = Path(__file__).parent / "frontend"


async def async_setup_card(hass: HomeAssistant) -> None:
    """Serve the card's files."""
    path = StaticPathConfig(await _address(hass), str(FOLDER), cache_headers=True)
    await hass.http.async_register_static_paths([path])


async def show_card(hass: HomeAssistant) -> CALLBACK_TYPE:
    """Have every dashboard know the card, if there are dashboards; return what ends that."""
    url = f"{await _address(hass)}/gppde-card.js"
    if frontend.DOMAIN in hass.config.components:
        frontend.add_extra_js_url(hass, url)

    @callback
    def hide() -> None:
        if frontend.DOMAIN in hass.config.components:
            frontend.remove_extra_js_url(hass, url)

    return hide


async def _address(hass: HomeAssistant) -> str:
    # A version in the query would not reach the modules that the card imports.
    integration = await async_get_integration(hass, DOMAIN)
    return f"/{DOMAIN}_frontend/{integration.version}"
