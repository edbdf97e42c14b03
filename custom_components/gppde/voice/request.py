"""What a person asked for."""

from dataclasses import dataclass

from homeassistant.core import Context, HomeAssistant

from ..data import GppdeConfigEntry
from .directory import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`name` is what was heard of a name, if one was said; `context` tells who asks."""

    hass: HomeAssistant
    entry: GppdeConfigEntry
    directory: Directory
    name: str | None
    context: Context | None
