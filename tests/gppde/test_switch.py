"""The switch that keeps a door from talking."""

from homeassistant.core import HomeAssistant

from .helpers import (
    DOOR,
    RecordingPlayer,
    entity_id,
    make_entry,
    open_door,
    put_on_disk,
    set_up,
    state_of,
)


async def test_a_door_switched_off_keeps_silent_until_switched_on(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass))
    target = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    assert state_of(hass, "switch", "talkative", DOOR).state == "on"

    await hass.services.async_call("switch", "turn_off", target, blocking=True)
    assert state_of(hass, "switch", "talkative", DOOR).state == "off"
    await open_door(hass)
    assert player.played == []

    await hass.services.async_call("switch", "turn_on", target, blocking=True)
    assert state_of(hass, "switch", "talkative", DOOR).state == "on"
    await open_door(hass)
    assert len(player.played) == 1


async def test_a_door_switched_off_is_still_off_after_a_reload(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass))
    target = {"entity_id": entity_id(hass, "switch", "talkative", DOOR)}
    await hass.services.async_call("switch", "turn_off", target, blocking=True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, "switch", "talkative", DOOR).state == "off"
    await open_door(hass)
    assert player.played == []
