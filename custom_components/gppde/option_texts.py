"""What the options of a selector are called, and sentences that are kept beside them."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


async def option_texts(hass: HomeAssistant, selector: str) -> dict[str, str]:
    """Return the text of each option in the language of the home, by its key."""
    texts = await async_get_translations(hass, hass.config.language, "selector", {DOMAIN})
    prefix = f"component.{DOMAIN}.selector.{selector}.options."
    return {key.removeprefix(prefix): texts[key] for key in texts if key.startswith(prefix)}
