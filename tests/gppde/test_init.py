"""The integration as a whole: set up, spoken, reloaded, removed."""

from pathlib import Path
from types import MappingProxyType

import pytest
from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.personas.persona import stocks_folder

from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    door,
    find_issue,
    make_entry,
    make_mp3,
    open_door,
    persona,
    press,
    put_on_disk,
    set_up,
    state_of,
)


def files(hass: HomeAssistant, heap: str, persona: str = PERSONA) -> list[Path]:
    return sorted((stocks_folder(hass) / persona / heap).glob("*.mp3"))


def has_journal(hass: HomeAssistant) -> bool:
    return Path(hass.config.path(".storage", "gppde.refill")).is_file()


async def test_a_door_that_opens_says_something_and_never_again(
    hass: HomeAssistant, player: RecordingPlayer, hass_client_no_auth: ClientSessionGenerator
) -> None:
    quips = put_on_disk(hass, "Mind the step.", "You again.", "Do come in.")
    entry = await set_up(hass, make_entry(hass))
    client = await hass_client_no_auth()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "3"

    await open_door(hass)

    [first] = player.played
    answer = await client.get(URL(first).path_qs)
    assert answer.status == 200
    assert answer.content_type == "audio/mpeg"
    assert await answer.read() == make_mp3()
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "2"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).attributes["stale"] == 1
    said = state_of(hass, "event", "quip", DOOR).attributes
    assert said["event_type"] == "said"
    assert said["text"] in {quip.text for quip in quips}
    assert state_of(hass, "sensor", "last_quip", PERSONA).state == said["text"]

    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "2"
    assert state_of(hass, "sensor", "last_quip", PERSONA).state == said["text"]
    await open_door(hass)
    await open_door(hass)
    assert len({URL(url).path for url in player.played}) == 3


async def test_the_door_speaks_while_the_server_is_down(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Still here.")
    entry = await set_up(hass, make_entry(hass, url="http://127.0.0.1:9"))
    assert entry.state is ConfigEntryState.LOADED
    await open_door(hass)
    assert len(player.played) == 1


async def test_the_very_first_stock_gets_the_starter_pack(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    personas = [persona(), persona("persona-2", "Latch")]
    entry = await set_up(hass, make_entry(hass, personas=personas))
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "12"
    assert state_of(hass, "sensor", "quip_stock", "persona-2").state == "0"

    for file in files(hass, "fresh"):
        file.unlink()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "0"


async def test_a_folder_that_cannot_be_used_is_told_and_hinders_nothing_else(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    stocks_folder(hass).write_text("a file where the folder belongs")
    entry = await set_up(hass, make_entry(hass))
    assert entry.state is ConfigEntryState.LOADED
    assert find_issue(hass, f"stock_unwritable_{PERSONA}")
    await open_door(hass)
    assert state_of(hass, "event", "quip", DOOR).attributes["event_type"] == "not_said"

    stocks_folder(hass).unlink()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert not find_issue(hass, f"stock_unwritable_{PERSONA}")
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "12"


async def test_a_file_that_is_no_mp3_is_set_aside_and_told(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "A sound one.")
    rotten = [stocks_folder(hass) / PERSONA / "fresh" / f"rotten-{n}.mp3" for n in range(7)]
    for file in rotten:
        file.write_bytes(b"no sound at all")
    await set_up(hass, make_entry(hass))
    issue = find_issue(hass, f"unreadable_quips_{PERSONA}")
    assert issue
    assert issue.translation_placeholders
    assert "rotten-0.mp3" in issue.translation_placeholders["files"]
    assert issue.translation_placeholders["files"].endswith("…")
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "1"


async def test_a_door_whose_persona_is_gone_is_told_until_it_gets_another(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass, doors=[door(persona="gone")]))
    assert find_issue(hass, f"door_without_persona_{DOOR}")
    await open_door(hass)
    assert player.played == []

    subentry = entry.subentries[DOOR]
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "persona": PERSONA}
    )
    await hass.async_block_till_done()
    assert not find_issue(hass, f"door_without_persona_{DOOR}")
    await open_door(hass)
    assert len(player.played) == 1


async def test_a_door_added_later_speaks_at_once(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass, doors=[]))
    added = door()
    subentry = ConfigSubentry(
        data=MappingProxyType(added["data"]),
        subentry_type=added["subentry_type"],
        title=added["title"],
        unique_id=added["unique_id"],
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done()
    await open_door(hass)
    assert len(player.played) == 1


async def test_a_door_that_is_removed_takes_its_device_and_its_issues_along(
    hass: HomeAssistant, player: RecordingPlayer, device_registry: dr.DeviceRegistry
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass, doors=[door(players=["media_player.gone"])]))
    assert find_issue(hass, f"door_without_player_{DOOR}")
    names = {device.name for device in devices(device_registry, entry.entry_id)}
    assert names == {"Front door", "Hinge", "Quipgen"}

    hass.config_entries.async_remove_subentry(entry, DOOR)
    await hass.async_block_till_done()
    names = {device.name for device in devices(device_registry, entry.entry_id)}
    assert names == {"Hinge", "Quipgen"}
    assert not find_issue(hass, f"door_without_player_{DOOR}")


def devices(registry: dr.DeviceRegistry, entry_id: str) -> list[dr.DeviceEntry]:
    return dr.async_entries_for_config_entry(registry, entry_id)


async def test_a_door_says_nothing_once_the_entry_is_unloaded(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass))
    assert await hass.config_entries.async_unload(entry.entry_id)
    await open_door(hass)
    assert player.played == []
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "unavailable"


async def test_removal_leaves_nothing_but_the_quips(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Mine to keep.")
    entry = await set_up(hass, make_entry(hass, doors=[door(persona="gone")]))
    assert find_issue(hass, f"door_without_persona_{DOOR}")
    with pytest.raises(HomeAssistantError):
        await press(hass, "refill", PERSONA)
    assert has_journal(hass)

    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not find_issue(hass, f"door_without_persona_{DOOR}")
    assert not has_journal(hass)
    assert len(files(hass, "fresh")) == 1


async def test_nothing_but_an_entry_sets_it_up(hass: HomeAssistant) -> None:
    assert await async_setup_component(hass, DOMAIN, {})
    assert hass.services.has_service(DOMAIN, "refill")
