"""Entities of a door that are renamed, vanish, or come back."""

import pytest
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er

from ..helpers import (
    DOOR,
    PLAYER,
    SENSOR,
    RecordingPlayer,
    door,
    find_issue,
    make_entry,
    open_door,
    put_on_disk,
    set_up,
)

NO_SENSOR = f"door_without_sensor_{DOOR}"
NO_PLAYER = f"door_without_player_{DOOR}"


@pytest.fixture
def sensor(entity_registry: er.EntityRegistry) -> er.RegistryEntry:
    """Register the door's sensor, so that it can be renamed and removed."""
    return entity_registry.async_get_or_create(
        "binary_sensor", "test", "front", suggested_object_id="front_door"
    )


async def test_a_door_follows_its_renamed_sensor(
    hass: HomeAssistant,
    player: RecordingPlayer,
    entity_registry: er.EntityRegistry,
    sensor: er.RegistryEntry,
) -> None:
    put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass))
    new = "binary_sensor.entrance"
    entity_registry.async_update_entity(sensor.entity_id, new_entity_id=new)
    await hass.async_block_till_done()

    assert entry.subentries[DOOR].data["sensor"] == new
    assert entry.subentries[DOOR].unique_id == new
    assert not find_issue(hass, NO_SENSOR)
    await open_door(hass, new)
    assert len(player.played) == 1


async def test_all_doors_follow_their_renamed_player(
    hass: HomeAssistant, player: RecordingPlayer, entity_registry: er.EntityRegistry
) -> None:
    put_on_disk(hass, "Hello.", "Goodbye.")
    back = door("door-2", "Back door", sensor="binary_sensor.back")
    entry = await set_up(hass, make_entry(hass, doors=[door(), back]))
    new = "media_player.corridor"
    entity_registry.async_update_entity(PLAYER, new_entity_id=new)
    await hass.async_block_till_done()

    for id_ in (DOOR, "door-2"):
        assert entry.subentries[id_].data["players"] == [new]
    await open_door(hass)
    await open_door(hass, "binary_sensor.back")
    assert len(player.played) == 2


async def test_a_rename_to_what_another_door_claims_is_told(
    hass: HomeAssistant,
    player: RecordingPlayer,
    entity_registry: er.EntityRegistry,
    sensor: er.RegistryEntry,
) -> None:
    claimed = "binary_sensor.entrance"
    other = door("door-2", "Other door", sensor=claimed)
    entry = await set_up(hass, make_entry(hass, doors=[door(), other]))
    hass.states.async_remove(claimed)
    hass.states.async_remove(SENSOR)
    entity_registry.async_update_entity(sensor.entity_id, new_entity_id=claimed)
    await hass.async_block_till_done()
    assert entry.subentries[DOOR].unique_id == SENSOR
    assert find_issue(hass, NO_SENSOR)
    assert not find_issue(hass, "door_without_sensor_door-2")


async def test_a_sensor_that_is_removed_is_told_until_it_is_back(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    await set_up(hass, make_entry(hass))
    assert not find_issue(hass, NO_SENSOR)
    hass.states.async_remove(SENSOR)
    await hass.async_block_till_done()
    issue = find_issue(hass, NO_SENSOR)
    assert issue
    assert issue.translation_placeholders == {"door": "Front door", "missing": SENSOR}

    hass.states.async_set(SENSOR, "off")
    await hass.async_block_till_done()
    assert not find_issue(hass, NO_SENSOR)


async def test_a_sensor_without_a_state_is_missed_once_it_leaves_the_registry(
    hass: HomeAssistant,
    player: RecordingPlayer,
    entity_registry: er.EntityRegistry,
    sensor: er.RegistryEntry,
) -> None:
    await set_up(hass, make_entry(hass))
    hass.states.async_remove(SENSOR)
    await hass.async_block_till_done()
    assert not find_issue(hass, NO_SENSOR)
    entity_registry.async_remove(sensor.entity_id)
    await hass.async_block_till_done()
    assert find_issue(hass, NO_SENSOR)


async def test_a_missing_player_is_told_by_name_and_the_other_one_speaks(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Hello.")
    players = ["media_player.gone", PLAYER]
    await set_up(hass, make_entry(hass, doors=[door(players=players)]))
    issue = find_issue(hass, NO_PLAYER)
    assert issue
    assert issue.translation_placeholders == {"door": "Front door", "missing": players[0]}
    await open_door(hass)
    assert len(player.played) == 1


async def test_nothing_is_missed_before_home_assistant_has_started(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    hass.set_state(CoreState.starting)
    await set_up(hass, make_entry(hass, doors=[door(players=["media_player.late"])]))
    hass.states.async_remove(SENSOR)
    await hass.async_block_till_done()
    assert not find_issue(hass, NO_PLAYER)
    assert not find_issue(hass, NO_SENSOR)

    hass.set_state(CoreState.running)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()
    assert find_issue(hass, NO_PLAYER)
    assert find_issue(hass, NO_SENSOR)
