"""The actions: `gppde.refill` orders quips, `gppde.preflight` looks whether that can succeed."""

from dataclasses import asdict

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
from .preflight_report import has_preflight, preflight_report

ACTION_PREFLIGHT = "preflight"
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
    """Register the actions; they say so themselves if there is nothing to act upon."""
    hass.services.async_register(
        DOMAIN, ACTION_REFILL, _refill, _SCHEMA, supports_response=SupportsResponse.OPTIONAL
    )
    hass.services.async_register(
        DOMAIN,
        ACTION_PREFLIGHT,
        _preflight,
        vol.Schema({}),
        supports_response=SupportsResponse.ONLY,
    )


async def _preflight(call: ServiceCall) -> ServiceResponse:
    entry = _loaded_entry(call.hass)
    if not has_preflight(entry):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_preflight")
    report = await preflight_report(call.hass, entry)
    return {
        "may_launch": report.may_launch,
        "checks": [asdict(finding) for finding in report.findings],
    }


async def _refill(call: ServiceCall) -> ServiceResponse:
    data = _loaded_entry(call.hass).runtime_data
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


def _loaded_entry(hass: HomeAssistant) -> GppdeConfigEntry:
    entries: list[GppdeConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    if not entries:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="not_loaded")
    return entries[0]


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
