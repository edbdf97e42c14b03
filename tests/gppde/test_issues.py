"""Repair issues as a person meets them."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.gppde.issues import clear_issue, clear_issues, raise_issue

from .helpers import find_issue


async def test_an_issue_about_one_door_leaves_that_of_another_alone(hass: HomeAssistant) -> None:
    raise_issue(hass, "door_without_persona", about="one", door="Front")
    raise_issue(hass, "door_without_persona", about="two", door="Back")
    clear_issue(hass, "door_without_persona", about="one")
    assert not find_issue(hass, "door_without_persona_one")
    assert find_issue(hass, "door_without_persona_two")


async def test_an_issue_carries_what_its_text_needs(hass: HomeAssistant) -> None:
    raise_issue(
        hass, "refill_failing", severity=ir.IssueSeverity.WARNING, persona="Hinge", error="No."
    )
    issue = find_issue(hass, "refill_failing")
    assert issue
    assert issue.severity is ir.IssueSeverity.WARNING
    assert issue.translation_placeholders == {"persona": "Hinge", "error": "No."}


async def test_an_issue_is_raised_and_taken_back_any_number_of_times(hass: HomeAssistant) -> None:
    raise_issue(hass, "no_url")
    raise_issue(hass, "no_url")
    clear_issue(hass, "no_url")
    clear_issue(hass, "no_url")
    assert not find_issue(hass, "no_url")


async def test_issues_about_what_is_gone_are_taken_back(hass: HomeAssistant) -> None:
    raise_issue(hass, "no_url")
    raise_issue(hass, "door_without_persona", about="alive", door="Front")
    raise_issue(hass, "door_without_persona", about="gone", door="Back")
    clear_issues(hass, except_about={None, "alive"})
    assert find_issue(hass, "no_url")
    assert find_issue(hass, "door_without_persona_alive")
    assert not find_issue(hass, "door_without_persona_gone")


async def test_only_our_own_issues_are_taken_back(hass: HomeAssistant) -> None:
    ir.async_create_issue(
        hass,
        "another",
        "theirs",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key="theirs",
    )
    raise_issue(hass, "no_url")
    clear_issues(hass)
    assert [key for key, issue in ir.async_get(hass).issues.items() if issue.active] == [
        ("another", "theirs")
    ]
