"""What one config entry holds at run time."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .door import Door
from .persona import Persona
from .quip_url import QuipUrls
from .refill import Refill

QUIP_URLS: HassKey[QuipUrls] = HassKey(DOMAIN)
"""Made once per start, for an address handed out must outlive a reload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GppdeData:
    """The living parts, by subentry id."""

    personas: dict[str, Persona]
    doors: dict[str, Door]
    refill: Refill


type GppdeConfigEntry = ConfigEntry[GppdeData]
