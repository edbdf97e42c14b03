"""The action `gppde.preflight` looks whether a refill from EC2 can succeed."""

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

from ..const import DOMAIN
from ..ec2.preflight_report import preflight_report
from ..sources.kinds import is_ec2
from .targets import loaded_entry

ACTION_PREFLIGHT = "preflight"


@callback
def async_setup_preflight(hass: HomeAssistant) -> None:
    """Register it."""
    hass.services.async_register(
        DOMAIN,
        ACTION_PREFLIGHT,
        _preflight,
        vol.Schema({}),
        supports_response=SupportsResponse.ONLY,
    )


async def _preflight(call: ServiceCall) -> ServiceResponse:
    """Answer `{"may_launch": bool, "checks": [{"check", "title", "passed", "sentence"}]}`."""
    entry = loaded_entry(call.hass)
    if not is_ec2(entry):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_preflight")
    report = await preflight_report(call.hass, entry)
    return {
        "may_launch": report.may_launch,
        "checks": [asdict(finding) for finding in report.findings],
    }
