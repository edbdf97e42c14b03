"""What a person has to mend before a persona can speak like its clip."""

from typing import Literal, get_args

from homeassistant.core import HomeAssistant, callback

from ..errors import ClipError, ClipMissingError, CloningError
from ..issues import clear_issue, raise_issue
from .persona import Persona

type ClipKey = Literal["clip_missing", "clip_refused", "no_cloning_voice"]


def clip_key(error: ClipError) -> ClipKey:
    """Return the key of the texts, of an issue or an exception, that tell of an error."""
    match error:
        case ClipMissingError():
            return "clip_missing"
        case CloningError():
            return "no_cloning_voice"
        case _:
            return "clip_refused"


@callback
def raise_clip_issue(persona: Persona, error: ClipError, cause: str) -> None:
    """Tell why there are no new quips in this voice."""
    key, name = clip_key(error), persona.brief.name
    raise_issue(persona.hass, key, about=persona.id, persona=name, error=cause)


@callback
def clear_clip_issues(hass: HomeAssistant, persona_id: str) -> None:
    """Take back what was told of a persona's clip, for it was used, or is another one now."""
    for key in get_args(ClipKey.__value__):
        clear_issue(hass, key, about=persona_id)
