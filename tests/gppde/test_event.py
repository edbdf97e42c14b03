"""What a door said or not, as events."""

from homeassistant.core import HomeAssistant

from .helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    RecordingPlayer,
    make_entry,
    open_door,
    persona,
    put_on_disk,
    set_up,
    state_of,
)


async def test_a_line_that_was_said_is_told_with_all_there_is_to_it(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    [quip] = put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass))
    assert state_of(hass, "event", "quip", DOOR).state == "unknown"
    await open_door(hass)
    attributes = state_of(hass, "event", "quip", DOOR).attributes
    told = {
        "event_type": "said",
        "text": "Hello.",
        "uuid": quip.uuid,
        "persona": "Hinge",
        "player": PLAYER,
        "mood": 0.5,
    }
    assert told.items() <= attributes.items()


async def test_a_line_no_player_took_is_told_with_the_reason(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    [quip] = put_on_disk(hass, "Hello.")
    player.refuses = True
    await set_up(hass, make_entry(hass))
    await open_door(hass)
    attributes = state_of(hass, "event", "quip", DOOR).attributes
    told = {"event_type": "not_said", "uuid": quip.uuid, "reason": "no_player"}
    assert told.items() <= attributes.items()
    assert "player" not in attributes
    assert state_of(hass, "sensor", "last_quip", PERSONA).state == "unknown"


async def test_a_door_with_nothing_to_say_tells_so(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass)
    await set_up(hass, make_entry(hass, personas=[persona(when_empty="silent")]))
    await open_door(hass)
    attributes = state_of(hass, "event", "quip", DOOR).attributes
    assert attributes["event_type"] == "not_said"
    assert "text" not in attributes
