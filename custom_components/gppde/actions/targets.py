"""Whom an action means: what is missing, foreign or deleted is refused before anything is done."""

from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from ..const import CONF_PERSONA, DOMAIN
from ..data import GppdeConfigEntry, GppdeData
from ..persona import Persona


def loaded_entry(hass: HomeAssistant) -> GppdeConfigEntry:
    """Return the entry that runs. Raises ServiceValidationError."""
    entries: list[GppdeConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    if not entries:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_loaded")
    return entries[0]


def personas_meant(call: ServiceCall, data: GppdeData) -> list[Persona]:
    """Return the personas whose devices a call names, or all. Raises ServiceValidationError."""
    devices: list[str] | str | None = call.data.get(CONF_PERSONA)
    if devices is None:
        return list(data.personas.values())
    named = [devices] if isinstance(devices, str) else devices
    return [_persona(call.hass, device_id, data) for device_id in named]


def _persona(hass: HomeAssistant, device_id: str, data: GppdeData) -> Persona:
    device = dr.async_get(hass).async_get(device_id)
    for domain, id_ in device.identifiers if device else ():
        if domain == DOMAIN and id_ in data.personas:
            return data.personas[id_]
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_a_persona" if device else "unknown_device",
        translation_placeholders={
            "device": (device.name_by_user or device.name or device_id) if device else device_id
        },
    )
