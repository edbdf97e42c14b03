"""What *System information* tells of GPPDE, for whoever asks for help."""

from collections.abc import Coroutine
from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.const import CONF_REGION, CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .causes import told
from .const import CONF_FINGERPRINT, DOMAIN
from .data import GppdeConfigEntry, running_entry
from .quipgen import QuipgenClient, QuipgenError
from .sources.kinds import source_of

PATIENCE = 5
"""Seconds for the server's answer: a person is looking at the page."""

MANAGE_URL = f"/config/integrations/integration/{DOMAIN}"

type Info = dict[str, Any]


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:  # noqa: ARG001
    """Offer it."""
    register.async_register_info(system_health_info, MANAGE_URL)


async def system_health_info(hass: HomeAssistant) -> Info:
    """Return figures, and what is still being found out; nothing while no entry is loaded."""
    entry = running_entry(hass)
    return _stock(entry) | _source(hass, entry) if entry else {}


def _stock(entry: GppdeConfigEntry) -> Info:
    data = entry.runtime_data
    stocks = [persona.stock for persona in data.personas.values()]
    return {
        "doors": len(data.doors),
        "personas": len(stocks),
        "fresh": sum(stock.fresh_count for stock in stocks),
        "stale": sum(stock.stale_count for stock in stocks),
        "refill": data.refill.state,
    }


def _source(hass: HomeAssistant, entry: GppdeConfigEntry) -> Info:
    info: Info = {"source": source_of(entry)}
    if CONF_URL in entry.data:
        info["server"] = _reach(hass, entry)
    if instances := entry.runtime_data.instances:
        info["region"] = entry.data[CONF_REGION]
        info["instance"] = instances.may_run
        info["spent"] = round(instances.spent, 2)
    return info


def _reach(hass: HomeAssistant, entry: GppdeConfigEntry) -> Coroutine[Any, Any, str | Info]:
    server, session = entry.data, async_get_clientsession(hass)
    fingerprint = server.get(CONF_FINGERPRINT)
    client = QuipgenClient(session, server[CONF_URL], server[CONF_TOKEN], fingerprint, PATIENCE)
    return _answer(hass, client)


async def _answer(hass: HomeAssistant, client: QuipgenClient) -> str | Info:
    try:
        health = await client.health()
    except QuipgenError as error:
        return {"type": "failed", "error": await told(hass, error)}
    return f"ok ({health.version}, {health.stage})"
