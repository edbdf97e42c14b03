"""Finds the repair of an issue."""

from typing import Final, cast

from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .fixes.fix_flow import FixFlow
from .fixes.lead_on import ToOptionsFlow, ToSubentryFlow
from .fixes.leftovers import LeftoversFlow
from .fixes.refill import FailingRefillFlow, RefillFlow
from .fixes.reload import ReloadFlow
from .issues import IssueKey

FLOWS: Final[dict[IssueKey, type[FixFlow]]] = {
    "budget_spent": ToOptionsFlow,
    "clip_missing": ToSubentryFlow,
    "clip_refused": ToSubentryFlow,
    "disk_full": RefillFlow,
    "door_without_persona": ToSubentryFlow,
    "door_without_player": ToSubentryFlow,
    "door_without_sensor": ToSubentryFlow,
    "no_cloning_voice": ToSubentryFlow,
    "quips_left": LeftoversFlow,
    "refill_failing": FailingRefillFlow,
    "standing_in": RefillFlow,
    "stock_unwritable": ReloadFlow,
    "unreadable_quips": ReloadFlow,
}


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Begin the repair of an issue."""
    issue = ir.async_get(hass).issues[DOMAIN, issue_id]
    about = (data or {}).get("about")
    flow = FLOWS[cast(IssueKey, issue.translation_key)]
    return flow(issue.translation_placeholders or {}, cast(str | None, about))
