"""Repair issues: every failure a person can act on is told in Home Assistant's repairs."""

from collections.abc import Container
from typing import Literal

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN

type IssueKey = Literal[
    "budget_spent",  # persona, error
    "clip_missing",  # persona, error
    "clip_refused",  # persona, error
    "disk_full",  # persona, folder
    "door_without_persona",  # door
    "door_without_player",  # door, missing
    "door_without_sensor",  # door, missing
    "instance_unconfirmed",  # instances, region
    "no_cloning_voice",  # persona
    "no_url",
    "quips_left",  # count, megabytes, folder
    "refill_failing",  # persona, error
    "standing_in",  # persona, error
    "stock_unwritable",  # persona, folder
    "unreadable_quips",  # persona, folder, files
]
"""Translation keys, each beside the placeholders its text needs."""

TOLD_ONLY: frozenset[IssueKey] = frozenset({"instance_unconfirmed", "no_url"})
"""Those that nothing here can mend together with a person, as `repairs` does with all others."""


def _issue_id(key: IssueKey, about: str | None) -> str:
    return f"{key}_{about}" if about else key


@callback
def raise_issue(
    hass: HomeAssistant,
    key: IssueKey,
    *,
    about: str | None = None,
    severity: ir.IssueSeverity = ir.IssueSeverity.ERROR,
    **placeholders: str,
) -> None:
    """Raise or renew an issue; `about` is the id of the one door or persona it concerns, if any."""
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(key, about),
        data={"about": about},
        is_fixable=key not in TOLD_ONLY,
        severity=severity,
        translation_key=key,
        translation_placeholders=placeholders,
    )


@callback
def clear_issue(hass: HomeAssistant, key: IssueKey, *, about: str | None = None) -> None:
    """Take an issue back; nothing happens if there is none."""
    ir.async_delete_issue(hass, DOMAIN, _issue_id(key, about))


@callback
def clear_issues(hass: HomeAssistant, *, except_about: Container[str | None] = ()) -> None:
    """Take back whatever was raised, but for issues about one of these (None: about none)."""
    for (domain, issue_id), issue in list(ir.async_get(hass).issues.items()):
        if domain == DOMAIN and (issue.data or {}).get("about") not in except_about:
            ir.async_delete_issue(hass, domain, issue_id)
