"""What the options of a selector are called, and sentences that are kept beside them."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import (
    async_get_cached_translations,
    async_get_translations,
)

from .const import DOMAIN

CATEGORY = "selector"


async def option_texts(hass: HomeAssistant, selector: str) -> dict[str, str]:
    """Return the text of each option in the language of the home, by its key."""
    texts = await async_get_translations(hass, hass.config.language, CATEGORY, {DOMAIN})
    return _of_selector(texts, selector)


@callback
def cached_option_texts(hass: HomeAssistant, selector: str) -> dict[str, str]:
    """Return the same for whoever cannot wait; nothing before we are set up."""
    texts = async_get_cached_translations(hass, hass.config.language, CATEGORY, DOMAIN)
    return _of_selector(texts, selector)


def _of_selector(texts: Mapping[str, str], selector: str) -> dict[str, str]:
    prefix = f"component.{DOMAIN}.{CATEGORY}.{selector}.options."
    return {key.removeprefix(prefix): texts[key] for key in texts if key.startswith(prefix)}
