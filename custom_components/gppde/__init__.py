"""Genuine People Personalities, Door Edition: a door that says something new when it opens."""

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from .actions import async_setup_actions
from .const import CONF_PERSONA, DOMAIN, SUBENTRY_DOOR
from .dashboard.card import async_setup_card, show_card
from .dashboard.recent import RECENT, Recent
from .dashboard.websocket import async_setup_websocket
from .data import GppdeConfigEntry, GppdeData
from .doors.door import Door, DoorConfig
from .doors.entity_follower import EntityFollower
from .issues import clear_issue, clear_issues, raise_issue
from .personas.clips import clips
from .personas.leftover_issue import ask_about_leftovers
from .personas.loading import load_personas
from .personas.persona import Persona
from .personas.rescan import Rescan
from .quip_view import QuipView
from .refills.journal import Journal
from .refills.refill import Refill
from .sources.building import build_source, leave_source
from .speaking.quip_url import QUIP_URLS, QuipUrls
from .speaking.speaker import Speaker
from .voice import async_start_voice

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.SENSOR,
    Platform.SWITCH,
]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:  # noqa: ARG001
    """Offer what does not depend on the entry: the URLs of quips, the actions, the card."""
    urls = hass.data[QUIP_URLS] = QuipUrls(hass)
    hass.data[RECENT] = Recent()
    hass.http.register_view(QuipView(hass, urls))
    async_setup_actions(hass)
    async_setup_websocket(hass)
    await async_setup_card(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: GppdeConfigEntry) -> bool:
    """Build the parts, show them as entities, then set them going."""
    leftovers = await ask_about_leftovers(hass)
    clear_issues(hass, except_about={None, leftovers, *entry.subentries})
    await clips(hass).sweep()
    personas = await load_personas(hass, entry)
    speaker = Speaker(hass, entry, hass.data[QUIP_URLS])
    doors = _build_doors(hass, entry, personas, speaker)
    source, instances = await build_source(hass, entry)
    refill = Refill(hass, entry, source, personas)
    entry.runtime_data = GppdeData(
        personas=personas, doors=doors, refill=refill, speaker=speaker, instances=instances
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    for persona in personas.values():
        await hass.data[RECENT].recall(persona)
    entry.async_on_unload(hass.data[RECENT].listen(hass, doors.values()))
    for door in doors.values():
        entry.async_on_unload(door.start())
    entry.async_on_unload(refill.start())
    entry.async_on_unload(Rescan(hass, entry, personas.values()).start())
    if instances:
        entry.async_on_unload(instances.start())
    entry.async_on_unload(async_start_voice(hass, entry))
    entry.async_on_unload(EntityFollower(hass, entry).start())
    entry.async_on_unload(entry.add_update_listener(_reload))
    entry.async_on_unload(await show_card(hass))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GppdeConfigEntry) -> bool:
    """Take the entities away; what was started stops by itself."""
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: GppdeConfigEntry) -> None:
    """Leave nothing behind but the quips on disk: they are the owner's, who is asked."""
    clear_issues(hass)
    await clips(hass).sweep()
    await Journal(hass).remove()
    await ask_about_leftovers(hass)
    await leave_source(hass, entry)


async def _reload(hass: HomeAssistant, entry: GppdeConfigEntry) -> None:
    hass.config_entries.async_schedule_reload(entry.entry_id)


def _build_doors(
    hass: HomeAssistant, entry: GppdeConfigEntry, personas: dict[str, Persona], speaker: Speaker
) -> dict[str, Door]:
    doors = {}
    for subentry in entry.get_subentries_of_type(SUBENTRY_DOOR):
        id_ = subentry.subentry_id
        persona = personas.get(subentry.data[CONF_PERSONA])
        if persona is None:
            raise_issue(hass, "door_without_persona", about=id_, door=subentry.title)
            continue
        clear_issue(hass, "door_without_persona", about=id_)
        config = DoorConfig.from_subentry(subentry)
        doors[id_] = Door(hass, entry, id_, config, persona, speaker)
    return doors
