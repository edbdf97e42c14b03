"""The errors that a person reads who asked for a refill that did not come to its end."""

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN
from ..errors import (
    ClipError,
    GppdeError,
    SourceAuthError,
    SourceUntrustedError,
    StockError,
)
from ..personas.clip_issues import clip_key
from ..personas.persona import Persona


def interrupted(persona: Persona) -> HomeAssistantError:
    """Tell that a refill was stopped, and that it was not its fault."""
    return _translated("refill_interrupted", persona)


def stopped(persona: Persona) -> HomeAssistantError:
    """Tell that a person stopped a refill."""
    return _translated("refill_stopped", persona)


def without_source(persona: Persona) -> HomeAssistantError:
    """Tell that nobody makes quips yet, and how to change that."""
    return _translated("no_source", persona)


def in_words(persona: Persona, error: GppdeError, cause: str) -> HomeAssistantError:
    """Tell what went wrong in the language of whoever asked; the cause is in the home's."""
    key: str
    match error:
        case ClipError():
            key = clip_key(error)
        case SourceUntrustedError():
            key = "source_untrusted"
        case SourceAuthError():
            key = "source_refused"
        case StockError():
            key = "quips_not_stored"
        case _:
            key = "refill_failed"
    return _translated(key, persona, error=cause)


def _translated(key: str, persona: Persona, **placeholders: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"persona": persona.brief.name, **placeholders},
    )
