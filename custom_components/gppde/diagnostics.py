"""What helps to find a fault, without what should stay at home."""

from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from yarl import URL

from .data import GppdeConfigEntry
from .persona import Persona
from .refill import Refill


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
) -> dict[str, Any]:
    """Return the entry's settings, and the state of its parts."""
    data = entry.runtime_data
    return {
        "entry": async_redact_data(
            {**entry.data, CONF_URL: _without_host(entry.data[CONF_URL])}, {CONF_TOKEN}
        ),
        "personas": {id_: _persona(persona) for id_, persona in data.personas.items()},
        "doors": {
            id_: {**entry.subentries[id_].data, "talkative": door.talkative}
            for id_, door in data.doors.items()
        },
        "refill": _refill(data.refill, host=str(URL(entry.data[CONF_URL]).host)),
    }


def _without_host(url: str) -> str:
    parts = URL(url)
    return f"{parts.scheme}://{REDACTED}:{parts.port}{parts.path}"


def _persona(persona: Persona) -> dict[str, Any]:
    return {
        "tone": persona.brief.tone,
        "voice": persona.brief.voice,
        "has_clip": persona.clip_name is not None,
        "target": persona.target,
        "low_water": persona.low_water,
        "when_empty": persona.when_empty,
        "fresh": persona.stock.fresh_count,
        "stale": persona.stock.stale_count,
    }


def _refill(refill: Refill, host: str) -> dict[str, Any]:
    return {
        "state": refill.state,
        "persona": refill.persona.id if refill.persona else None,
        "progress": refill.progress,
        "last_error": refill.last_error and refill.last_error.replace(host, REDACTED),
    }
