"""The actions: `gppde.refill` orders quips, `gppde.preflight` looks whether that can succeed,
`gppde.add_quip` makes one of a person's own.
"""

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

from ..const import CONF_PERSONA, DOMAIN
from ..preflight_report import has_preflight, preflight_report
from .add_quip import async_setup_add_quip
from .targets import loaded_entry, personas_meant

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
    async_setup_add_quip(hass)


async def _preflight(call: ServiceCall) -> ServiceResponse:
    entry = loaded_entry(call.hass)
    if not has_preflight(entry):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_preflight")
    report = await preflight_report(call.hass, entry)
    return {
        "may_launch": report.may_launch,
        "checks": [asdict(finding) for finding in report.findings],
    }


async def _refill(call: ServiceCall) -> ServiceResponse:
    data = loaded_entry(call.hass).runtime_data
    count = call.data.get(CONF_COUNT)
    personas = [persona for persona in personas_meant(call, data) if count or persona.missing]
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
