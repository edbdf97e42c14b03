"""What a person has to mend where a refill failed."""

from dataclasses import asdict

from homeassistant.core import HomeAssistant, callback

from ..errors import ClipError, GppdeError, SourceBudgetError, StockError
from ..issues import clear_issue, raise_issue
from ..personas.clip_issues import clear_clip_issues, raise_clip_issue
from ..personas.persona import Persona
from ..personas.stock_issues import clear_stock_issues, raise_stock_issue
from .journal import Failure


@callback
def raise_refill_issue(persona: Persona, error: GppdeError, cause: str) -> None:
    """Tell what an error leaves to a person; `cause` is the error in the home's language."""
    match error:
        case StockError():
            raise_stock_issue(persona, error)
        case ClipError():
            raise_clip_issue(persona, error, cause)
        case SourceBudgetError():
            raise_issue(persona.hass, "budget_spent", persona=persona.brief.name, error=cause)


@callback
def raise_failing(hass: HomeAssistant, failure: Failure | None) -> None:
    """Tell that refills fail again and again, the last one so."""
    if failure is not None:
        raise_issue(hass, "refill_failing", **asdict(failure))


@callback
def clear_refill_issues(persona: Persona) -> None:
    """Take back what was told, for quips have come."""
    clear_issue(persona.hass, "refill_failing")
    clear_issue(persona.hass, "budget_spent")
    clear_stock_issues(persona)
    clear_clip_issues(persona.hass, persona.id)
