"""What a person has to mend about a persona's stock."""

from collections.abc import Sequence

from homeassistant.core import callback
from homeassistant.helpers.issue_registry import IssueSeverity

from ..errors import StockError, StockFullError
from ..issues import IssueKey, clear_issue, raise_issue
from .persona import Persona, stocks_folder

_NAMED_AT_MOST = 5


@callback
def raise_stock_issue(persona: Persona, error: StockError) -> None:
    """Tell that a stock's folder cannot be used."""
    key: IssueKey = "disk_full" if isinstance(error, StockFullError) else "stock_unwritable"
    name, folder = persona.brief.name, _folder(persona)
    raise_issue(persona.hass, key, about=persona.id, persona=name, folder=folder)


@callback
def clear_stock_issues(persona: Persona) -> None:
    """Take back what was told, for the folder has just been used."""
    clear_issue(persona.hass, "disk_full", about=persona.id)
    clear_issue(persona.hass, "stock_unwritable", about=persona.id)


@callback
def raise_unreadable(persona: Persona, names: Sequence[str]) -> None:
    """Tell which files were set aside, if any; it stays told until a person has looked."""
    if not names:
        return
    files = ", ".join(names[:_NAMED_AT_MOST]) + (" …" if len(names) > _NAMED_AT_MOST else "")
    raise_issue(
        persona.hass,
        "unreadable_quips",
        about=persona.id,
        severity=IssueSeverity.WARNING,
        persona=persona.brief.name,
        folder=_folder(persona),
        files=files,
    )


def _folder(persona: Persona) -> str:
    return str(stocks_folder(persona.hass) / persona.id)
