"""What a person has to know of a source that another one stands in for."""

import logging
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.helpers.issue_registry import IssueSeverity

from ..causes import told
from ..errors import SourceAuthError
from ..issues import clear_issue, raise_issue
from ..personas.persona import Persona
from .delivery import Delivery

_LOGGER = logging.getLogger(__name__)


async def tell_of_stand_in(entry: ConfigEntry[Any], persona: Persona, delivery: Delivery) -> None:
    """Tell that a source failed though quips came, or take back that it did."""
    hass, stood_in = persona.hass, delivery.stood_in
    if stood_in is None:
        if delivery.added:
            clear_issue(hass, "standing_in")
        return
    name, error = persona.brief.name, stood_in.error
    _LOGGER.warning("For %s a stand-in makes quips, since the source failed: %s", name, error)
    if isinstance(error, SourceAuthError):
        entry.async_start_reauth(hass)
    elif stood_in.rests:
        severity, cause = IssueSeverity.WARNING, await told(hass, error)
        raise_issue(hass, "standing_in", severity=severity, persona=name, error=cause)
