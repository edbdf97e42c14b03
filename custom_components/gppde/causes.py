"""Why something went wrong, told in the language of the home.

The parts that raise errors know nothing of Home Assistant: their English finds its translation.
"""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import LOCALE_EN, async_get_translations

from .const import DOMAIN
from .errors import GppdeError
from .words import Words

CATEGORY = "exceptions"


async def told(hass: HomeAssistant, cause: GppdeError | Words) -> str:
    """Return a cause as a person reads it; in English where there is no translation."""
    words = cause.words if isinstance(cause, GppdeError) else cause
    english = await async_get_translations(hass, LOCALE_EN, CATEGORY, {DOMAIN})
    local = await async_get_translations(hass, hass.config.language, CATEGORY, {DOMAIN})
    keys = {message: key for key, message in english.items()}
    return words.told(lambda template: local.get(keys.get(template, ""), template))
