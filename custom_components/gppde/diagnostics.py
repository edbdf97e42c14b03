"""What helps to find a fault, without what should stay at home."""

from typing import Any

from homeassistant.components.diagnostics import REDACTED, async_redact_data
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from yarl import URL

from .data import GppdeConfigEntry
from .ec2.instances import Instances
from .ec2.settings import CONF_ACCESS_KEY, CONF_HOME_ADDRESS, CONF_ROLE, CONF_SECRET_KEY
from .personas.persona import Persona
from .refills.refill import Refill

HIDDEN = {CONF_TOKEN, CONF_ACCESS_KEY, CONF_SECRET_KEY, CONF_ROLE}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant,  # noqa: ARG001
    entry: GppdeConfigEntry,
) -> dict[str, Any]:
    """Return the entry's settings, and the state of its parts."""
    data = entry.runtime_data
    return {
        "entry": _entry(entry),
        "options": async_redact_data(entry.options, {CONF_HOME_ADDRESS}),
        "personas": {id_: _persona(persona) for id_, persona in data.personas.items()},
        "doors": {
            id_: {**entry.subentries[id_].data, "talkative": door.talkative}
            for id_, door in data.doors.items()
        },
        "refill": _refill(data.refill, _secrets(entry)),
        "instances": data.instances and _instances(data.instances),
    }


def _entry(entry: GppdeConfigEntry) -> dict[str, Any]:
    shown = dict(entry.data)
    if CONF_URL in shown:
        shown[CONF_URL] = _without_host(shown[CONF_URL])
    return async_redact_data(shown, HIDDEN)


def _secrets(entry: GppdeConfigEntry) -> list[str]:
    """Return what an error may quote, and should not."""
    host = URL(entry.data[CONF_URL]).host if CONF_URL in entry.data else None
    address = entry.options.get(CONF_HOME_ADDRESS)
    return [secret for secret in (host, address, *map(entry.data.get, HIDDEN)) if secret]


def _instances(instances: Instances) -> dict[str, Any]:
    return {
        "is_known": instances.is_known,
        "may_run": instances.may_run,
        "spent": round(instances.spent, 4),
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


def _refill(refill: Refill, secrets: list[str]) -> dict[str, Any]:
    error = refill.last_error
    for secret in secrets:
        error = error and error.replace(secret, REDACTED)
    return {
        "state": refill.state,
        "persona": refill.persona.id if refill.persona else None,
        "progress": refill.progress,
        "last_error": error,
    }
