"""A person hears a door before it is added, and changes what does not please."""

import asyncio
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from tests.gppde.helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    SENSOR,
    RecordingPlayer,
    make_entry,
    persona,
    put_on_disk,
    set_up,
    state_of,
)

from .forms import Result, prefilled, read, start_subentry, submit

DEAF, GONE = "media_player.deaf", "media_player.gone"
LINES = {"Mind the step.", "You again."}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custom_components.gppde.flows.audition.FETCH_PATIENCE", 0.2)


@pytest.fixture
async def entry(hass: HomeAssistant, player: RecordingPlayer) -> MockConfigEntry:
    """An entry without a door, whose persona has two lines to say."""
    put_on_disk(hass, *LINES)
    hass.states.async_set(SENSOR, "off", {"friendly_name": "Front door"})
    return await set_up(hass, make_entry(hass, doors=[]))


async def add(hass: HomeAssistant, entry: MockConfigEntry, **changes: Any) -> Result:
    """Fill in a door's form and send it, as who wants to hear the door."""
    form = await start_subentry(hass, entry, "door")
    chosen = {"sensor": SENSOR, "players": [PLAYER]}
    return await submit(hass, form, prefilled(form) | chosen | changes)


async def choose(hass: HomeAssistant, menu: Result, option: str) -> Result:
    assert option in menu["menu_options"]
    return await submit(hass, menu, {"next_step_id": option})


def stock(hass: HomeAssistant) -> tuple[str, int]:
    """Return how many quips are fresh, and how many are stale."""
    state = state_of(hass, "sensor", "quip_stock", PERSONA)
    return state.state, state.attributes["stale"]


async def test_a_door_is_heard_and_then_added(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    player: RecordingPlayer,
    hass_client_no_auth: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = await hass_client_no_auth()

    async def fetch(*, media_id: str, **_: object) -> None:
        await client.get(URL(media_id).path_qs)

    monkeypatch.setattr(player, "async_play_media", fetch)
    menu = await add(hass, entry)

    assert (menu["type"], menu["step_id"]) == (FlowResultType.MENU, "heard")
    told = menu["description_placeholders"]
    assert (told["persona"], told["player"]) == ("Hinge", "hall")
    assert told["text"] in LINES
    assert not entry.get_subentries_of_type("door"), "nothing is kept before a person says so"

    result = await choose(hass, menu, "finish")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [door] = entry.get_subentries_of_type("door")
    assert "hear" not in door.data
    assert stock(hass) == ("1", 1)


async def test_a_player_that_does_not_fetch_is_told_with_the_address(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    menu = await add(hass, entry)
    assert menu["step_id"] == "taken"
    assert menu["description_placeholders"]["url"] == str(URL(player.played[0]).origin())


async def test_another_line_is_another_line(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    first = await add(hass, entry)
    second = await choose(hass, first, "again")
    assert {menu["description_placeholders"]["text"] for menu in (first, second)} == LINES
    assert len(player.played) == 2


async def test_what_does_not_please_is_changed_with_all_that_was_filled_in(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    menu = await add(hass, entry, manners={"speak_on": "both", "cool_down": 7, "volume": 35})
    assert player.volumes[0] == 0.35
    form = await choose(hass, menu, "settings")
    filled = prefilled(form)
    assert filled["manners"] == {"speak_on": "both", "cool_down": 7, "volume": 35}

    result = await submit(hass, form, filled | {"hear": False})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"]["volume"] == 0.35


async def test_a_mistake_after_a_hearing_is_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    form = await choose(hass, await add(hass, entry), "settings")
    form = await submit(hass, form, prefilled(form) | {"players": []})
    assert form["errors"] == {"players": "no_player"}


async def reasons(hass: HomeAssistant, entry: MockConfigEntry, *players: str) -> list[str]:
    """Return why nobody spoke, in words."""
    menu = await add(hass, entry, players=list(players))
    assert menu["step_id"] == "unheard"
    assert menu["menu_options"][0] == "settings"
    told: list[str] = menu["description_placeholders"]["reasons"].splitlines()
    return told


async def test_why_nobody_spoke_is_told_player_by_player(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    player.refuses = True
    hass.states.async_set(DEAF, "unavailable", {"friendly_name": "Deaf box"})
    hass.states.async_set("media_player.nobody", "idle", {"entity_id": []})
    told = await reasons(hass, entry, PLAYER, DEAF, "media_player.nobody", GONE)
    assert told == [
        "- nobody is a group with nobody in it.",
        "- hall refuses: I would rather not",
        "- Deaf box is not available. See that it is switched on and known to Home Assistant.",
        f"- {GONE} is not available. See that it is switched on and known to Home Assistant.",
    ]
    assert stock(hass) == ("2", 0), "what nobody said is still fresh"


async def test_a_player_without_an_answer_is_told(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    player: RecordingPlayer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def hang(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr("custom_components.gppde.speaking.playback.PLAYER_TIMEOUT", 0.1)
    monkeypatch.setattr(player, "async_play_media", hang)
    [told] = await reasons(hass, entry, PLAYER)
    assert told.startswith("- hall gave no answer.")


async def test_a_player_that_is_busy_for_too_long_is_told(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    player: RecordingPlayer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("custom_components.gppde.speaking.player.LONGEST_WAIT", -1)
    [told] = await reasons(hass, entry, PLAYER)
    assert told == "- hall was not asked, or is still busy with other remarks."


async def test_without_an_address_for_players_that_is_what_is_told(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    hass.config.api = None
    await hass.config.async_update(internal_url=None, external_url=None)
    await hass.async_block_till_done()
    [told] = await reasons(hass, entry, PLAYER)
    assert "does not know an address" in told


async def test_a_persona_with_nothing_to_say_is_told(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Somebody else's.")
    personas = [persona("persona-2", "Latch"), persona()]
    entry = await set_up(hass, make_entry(hass, personas=personas, doors=[]))
    [told] = await reasons(hass, entry, PLAYER)
    assert told.startswith("- Latch has nothing left to say.")


async def test_once_mended_it_is_tried_again(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    player.refuses = True
    menu = await add(hass, entry)
    player.refuses = False
    menu = await choose(hass, menu, "again")
    assert menu["step_id"] == "taken"
    assert stock(hass) == ("1", 1)


async def test_a_door_that_is_changed_is_heard_if_a_person_wants_so(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, "Mind the step.")
    entry = await set_up(hass, make_entry(hass))
    form = read(await entry.start_subentry_reconfigure_flow(hass, DOOR))
    menu = await submit(hass, form, prefilled(form) | {"hear": True})
    assert len(player.played) == 1
    result = await choose(hass, menu, "finish")
    assert result["reason"] == "reconfigure_successful"


@pytest.mark.parametrize("goes", ["entry", "persona"])
async def test_what_goes_meanwhile_is_not_waited_for(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer, goes: str
) -> None:
    menu = await add(hass, entry)
    if goes == "entry":
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        hass.config_entries.async_remove_subentry(entry, PERSONA)
        await hass.async_block_till_done()
    result = await choose(hass, menu, "again")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert len(player.played) == 1


async def test_a_sensor_that_another_door_takes_meanwhile_is_told(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    menu = await add(hass, entry)
    await add(hass, entry, hear=False)
    form = await choose(hass, menu, "finish")
    assert form["errors"] == {"sensor": "already_configured"}


async def test_of_two_players_the_one_that_spoke_is_named(
    hass: HomeAssistant, entry: MockConfigEntry, player: RecordingPlayer
) -> None:
    hass.states.async_set(DEAF, "unavailable")
    menu = await add(hass, entry, players=[DEAF, PLAYER])
    assert menu["description_placeholders"]["player"] == "hall"
