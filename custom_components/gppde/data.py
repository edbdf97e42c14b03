"""What one config entry holds at run time."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from .const import DOMAIN
from .doors.door import Door
from .ec2.instances import Instances
from .personas.persona import Persona
from .refills.refill import Refill
from .speaking.speaker import Speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class GppdeData:
    """The living parts, by subentry id. `instances` are there where quips come from EC2."""

    personas: dict[str, Persona]
    doors: dict[str, Door]
    refill: Refill
    speaker: Speaker
    instances: Instances | None = None


type GppdeConfigEntry = ConfigEntry[GppdeData]


def running_entry(hass: HomeAssistant) -> GppdeConfigEntry | None:
    """Return the one entry that there can be, while it is loaded."""
    entries: list[GppdeConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    return entries[0] if entries else None
