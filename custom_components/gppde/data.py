"""What one config entry holds at run time."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .door import Door
from .persona import Persona
from .refill import Refill


@dataclass(frozen=True, slots=True, kw_only=True)
class GppdeData:
    """The living parts, by subentry id."""

    personas: dict[str, Persona]
    doors: dict[str, Door]
    refill: Refill


type GppdeConfigEntry = ConfigEntry[GppdeData]
