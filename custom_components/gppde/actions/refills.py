"""The actions `gppde.refill` and `gppde.stop_refill`."""

import asyncio

import voluptuous as vol
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers import config_validation as cv

from ..const import DOMAIN
from ..refills.outcome import RefillResult
from .targets import loaded_entry, personas_meant

ACTION_REFILL = "refill"
ACTION_STOP_REFILL = "stop_refill"
CONF_COUNT = "count"
MOST_AT_ONCE = 200

_REFILL_SCHEMA = vol.Schema(
    {
        **cv.ENTITY_SERVICE_FIELDS,
        vol.Optional(CONF_COUNT): vol.All(vol.Coerce(int), vol.Range(min=1, max=MOST_AT_ONCE)),
    }
)


@callback
def async_setup_refills(hass: HomeAssistant) -> None:
    """Register them."""
    hass.services.async_register(
        DOMAIN, ACTION_REFILL, _refill, _REFILL_SCHEMA, supports_response=SupportsResponse.OPTIONAL
    )
    hass.services.async_register(DOMAIN, ACTION_STOP_REFILL, _stop_refill, vol.Schema({}))


async def _refill(call: ServiceCall) -> ServiceResponse:
    """Answer `{"refills": [{"persona", "requested", "added"}]}` when all of them are over.

    One that fails keeps no other from its turn. Raises the first failure.
    """
    data = loaded_entry(call.hass).runtime_data
    count = call.data.get(CONF_COUNT)
    personas = [persona for persona in personas_meant(call, data) if count or persona.missing]
    requests = (data.refill.request(persona, count) for persona in personas)
    results = await asyncio.gather(*requests, return_exceptions=True)
    return {
        "refills": [
            {
                "persona": result.persona.brief.name,
                "requested": result.requested,
                "added": result.added,
            }
            for result in map(_successful, results)
        ]
    }


def _successful(result: RefillResult | BaseException) -> RefillResult:
    if isinstance(result, BaseException):
        raise result
    return result


async def _stop_refill(call: ServiceCall) -> None:
    await loaded_entry(call.hass).runtime_data.refill.abandon()
