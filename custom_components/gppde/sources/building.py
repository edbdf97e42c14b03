"""Builds the source that an entry names."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from ..const import CONF_FINGERPRINT
from ..ec2.home_address import home_address
from ..ec2.instances import Instances, assemble_fleet
from ..ec2.settings import Ec2Settings
from ..quipgen import QuipgenClient
from . import Source
from .assist import AssistSource
from .assist_settings import CONF_STAND_IN, AssistSettings
from .ec2 import Ec2Source
from .kinds import SOURCE_ASSIST, SOURCE_SERVER, SOURCE_STARTER, is_ec2, source_of
from .none import NoSource
from .server import ServerSource
from .standing_in import StandInSource


async def build_source(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> tuple[Source, Instances | None]:
    """Return where quips come from, and the watch over its instances, if it has any."""
    source, instances = await _own_source(hass, entry)
    if chosen := entry.options.get(CONF_STAND_IN):
        stand_in = AssistSource(hass, AssistSettings.from_choice(chosen))
        source = StandInSource(source, stand_in, dt_util.now)
    return source, instances


async def _own_source(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> tuple[Source, Instances | None]:
    kind = source_of(entry)
    if kind == SOURCE_STARTER:
        return NoSource(), None
    if kind == SOURCE_ASSIST:
        return AssistSource(hass, AssistSettings.from_choice(entry.data)), None
    connect = partial(QuipgenClient, async_get_clientsession(hass))
    if kind == SOURCE_SERVER:
        server = entry.data
        client = connect(server[CONF_URL], server[CONF_TOKEN], server.get(CONF_FINGERPRINT))
        return ServerSource(client), None
    settings = Ec2Settings.from_entry(entry)
    fleet = assemble_fleet(hass, entry, settings)
    instances = Instances(hass, entry, fleet, settings.cloud.region)
    await instances.open()

    async def address() -> str:
        return settings.home_address or await home_address(async_get_clientsession(hass))

    return Ec2Source(fleet, settings, connect, address), instances


async def leave_source(hass: HomeAssistant, entry: ConfigEntry[Any]) -> None:
    """See to it that nothing is left running, now that the entry is removed."""
    if is_ec2(entry):
        _, instances = await _own_source(hass, entry)
        if instances is not None:
            hass.async_create_background_task(instances.leave(), "gppde instances at removal")
