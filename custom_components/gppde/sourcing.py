"""Builds the source that an entry names."""

from functools import partial
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_SOURCE, CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .const import CONF_FINGERPRINT
from .ec2_settings import Ec2Settings
from .home_address import home_address
from .instances import Instances, assemble_fleet
from .quipgen import QuipgenClient
from .sources import Source
from .sources.ec2 import Ec2Source
from .sources.none import NoSource
from .sources.server import ServerSource

SOURCE_EC2: Final = "ec2"
SOURCE_STARTER: Final = "starter"
"""No source at all: what is shipped will do for a beginning."""
STARTER_TITLE: Final = "Starter quips"


async def build_source(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> tuple[Source, Instances | None]:
    """Return where quips come from, and the watch over its instances, if it has any."""
    if entry.data.get(CONF_SOURCE) == SOURCE_STARTER:
        return NoSource(), None
    connect = partial(QuipgenClient, async_get_clientsession(hass))
    if entry.data.get(CONF_SOURCE) != SOURCE_EC2:
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
    if entry.data.get(CONF_SOURCE) == SOURCE_EC2:
        _, instances = await build_source(hass, entry)
        if instances is not None:
            hass.async_create_background_task(instances.leave(), "gppde instances at removal")
