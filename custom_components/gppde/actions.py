"""The action `gppde.refill`: order quips for one persona, or for all that lack some."""

import voluptuous as vol
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr

from .const import CONF_PERSONA, DOMAIN
from .data import GppdeConfigEntry, GppdeData
from .persona import Persona

ACTION_REFILL = "refill"
CONF_COUNT = "count"
MOST_AT_ONCE = 200

_SCHEMA = vol.Schema(
    {
        vol.Optional(CONF_PERSONA): cv.string,
        vol.Optional(CONF_COUNT): vol.All(vol.Coerce(int), vol.Range(min=1, max=MOST_AT_ONCE)),
    }
)


@callback
def async_setup_actions(hass: HomeAssistant) -> None:
    """Register the action; it says so itself if there is nothing to act upon."""
    hass.services.async_register(
        DOMAIN, ACTION_REFILL, _refill, _SCHEMA, supports_response=SupportsResponse.OPTIONAL
    )


async def _refill(call: ServiceCall) -> ServiceResponse:
    data = _loaded_data(call.hass)
    count = call.data.get(CONF_COUNT)
    personas = [persona for persona in _meant(call, data) if count or persona.missing]
    results = [await data.refill.request(persona, count) for persona in personas]
    return {
        "refills": [
            {
                "persona": result.persona.brief.name,
                "requested": result.requested,
                "added": result.added,
            }
            for result in results
        ]
    }


def _loaded_data(hass: HomeAssistant) -> GppdeData:
    entries: list[GppdeConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    if not entries:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_loaded")
    return entries[0].runtime_data


def _meant(call: ServiceCall, data: GppdeData) -> list[Persona]:
    if (device_id := call.data.get(CONF_PERSONA)) is None:
        return list(data.personas.values())
    device = dr.async_get(call.hass).async_get(device_id)
    for domain, id_ in device.identifiers if device else ():
        if domain == DOMAIN and id_ in data.personas:
            return [data.personas[id_]]
    raise ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="not_a_persona" if device else "unknown_device",
        translation_placeholders={
            "device": (device.name_by_user or device.name or device_id) if device else device_id
        },
    )
