"""One player: its queue, its patience, its refusals."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.speaking import playback
from custom_components.gppde.speaking import player as player_module
from custom_components.gppde.speaking.player import Player

from ..acting_player import ActingPlayer, Satellite
from ..helpers import make_entry, make_quip, set_up_players

URL = "http://ha.local:8123/api/gppde/1.mp3?t=secret-token"
SHORT = 0.05


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for a minute to pass."""
    monkeypatch.setattr(player_module, "PAUSE", 0.02)
    monkeypatch.setattr(playback, "LOOK_EVERY", 0.01)
    monkeypatch.setattr(playback, "LONGEST_DELAY", 0.3)


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    return make_entry(hass)


@pytest.fixture
async def hall(hass: HomeAssistant) -> ActingPlayer:
    hall = ActingPlayer("hall")
    await set_up_players(hass, hall)
    return hall


@pytest.fixture
def player(hass: HomeAssistant, entry: MockConfigEntry, hall: ActingPlayer) -> Player:
    return Player(hass, entry, hall.entity_id)


@pytest.fixture
async def satellite(hass: HomeAssistant) -> Satellite:
    satellite = Satellite(hass, "kitchen")

    async def announce(call: ServiceCall) -> None:
        await satellite.announce(dict(call.data))

    hass.services.async_register("assist_satellite", "announce", announce)
    return satellite


def say(player: Player, text: str = "Hello.", duration: float = SHORT) -> asyncio.Future[bool]:
    return player.say(make_quip(text, duration=duration), f"{URL}{text}", None)


async def rest(hass: HomeAssistant) -> None:
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_a_free_player_is_called_before_anything_waits(
    hall: ActingPlayer, player: Player
) -> None:
    taken = say(player)
    assert hall.played == [f"{URL}Hello."]
    assert await taken


async def test_a_player_that_cannot_announce_just_plays(hall: ActingPlayer, player: Player) -> None:
    await say(player)
    assert hall.calls == [
        {"media_type": "music", "extra": {"metadata": {"title": "Hello."}}},
    ]


async def test_a_player_that_can_announce_announces(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    sonos = ActingPlayer("sonos", announces=True)
    await set_up_players(hass, sonos)
    assert await say(Player(hass, entry, sonos.entity_id))
    assert sonos.calls[0]["announce"] is True


async def test_two_quips_do_not_cut_each_other_off(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    started = hass.loop.time()
    first, second = say(player, "One.", 0.2), say(player, "Two.")
    assert await first
    assert hall.played == [f"{URL}One."]
    assert await second
    assert hass.loop.time() - started >= 0.2
    assert hall.played == [f"{URL}One.", f"{URL}Two."]


async def test_quips_are_said_in_the_order_of_the_openings(
    hall: ActingPlayer, player: Player
) -> None:
    texts = ["One.", "Two.", "Three.", "Four."]
    assert await asyncio.gather(*(say(player, text) for text in texts)) == [True] * 4
    assert hall.played == [URL + text for text in texts]


async def test_a_player_still_playing_is_not_interrupted(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    assert await say(player, "One.")
    hall.plays(f"{URL}One.")
    second = say(player, "Two.")
    await asyncio.sleep(0.15)
    assert hall.played == [f"{URL}One."]
    hall.plays(None)
    assert await second


async def test_a_player_that_never_seems_to_end_is_not_waited_for_any_longer(
    hall: ActingPlayer, player: Player
) -> None:
    assert await say(player, "One.")
    hall.plays(f"{URL}One.")
    assert await say(player, "Two.")


async def test_music_that_goes_on_after_an_announcement_is_no_quip(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    hall.plays("spotify:track")
    await say(player, "One.")
    started = hass.loop.time()
    assert await say(player, "Two.")
    assert hass.loop.time() - started < 0.25


async def test_a_quip_that_would_come_too_late_is_not_taken(
    hall: ActingPlayer, player: Player
) -> None:
    long = [say(player, "Long.", 15), say(player, "Longer.", 15)]
    late = say(player, "Late.")
    assert late.done()
    assert not late.result()
    assert len(hall.played) == 1
    assert not long[1].done()


async def test_a_player_that_hangs_costs_those_behind_it_their_patience(
    hass: HomeAssistant, hall: ActingPlayer, player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(player_module, "LONGEST_WAIT", 0.1)
    hall.door_stop = asyncio.Event()
    first, second = say(player, "One."), say(player, "Two.")
    assert not await second
    hall.door_stop.set()
    assert await first
    await rest(hass)
    assert await say(player, "Three.")


async def test_a_player_that_does_not_answer_is_given_up(
    hall: ActingPlayer,
    player: Player,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(playback, "PLAYER_TIMEOUT", 0.1)
    hall.door_stop = asyncio.Event()
    assert not await say(player)
    assert "media_player.hall did not take a quip: no answer within" in caplog.text
    hall.door_stop = None
    assert await say(player)


@pytest.mark.parametrize(
    "error",
    [
        HomeAssistantError("I would rather not"),
        ServiceValidationError("No such medium"),
        TimeoutError(),
        ConnectionResetError("Gone"),
        ZeroDivisionError("A bug of theirs"),
    ],
)
async def test_whatever_a_player_raises_is_a_refusal(
    hall: ActingPlayer, player: Player, error: Exception
) -> None:
    hall.error = error
    assert not await say(player)
    hall.error = None
    assert await say(player)


async def test_a_player_that_cannot_play_media_refuses(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    hass.states.async_set(hall.entity_id, "idle", {"supported_features": 0})
    hall._attr_supported_features = type(hall._attr_supported_features)(0)
    hall.async_write_ha_state()
    assert not await say(player)


async def test_without_the_media_player_integration_a_player_refuses(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    hass.states.async_set("media_player.ghost", "idle")
    assert not await say(Player(hass, entry, "media_player.ghost"))


async def test_an_outage_is_logged_once_and_so_is_its_end(
    hall: ActingPlayer, player: Player, caplog: pytest.LogCaptureFixture
) -> None:
    hall.error = HomeAssistantError("I would rather not")
    for _ in range(3):
        assert not await say(player)
    assert caplog.text.count("media_player.hall did not take a quip: I would rather not") == 1
    hall.error = None
    assert await say(player)
    assert await say(player)
    assert caplog.text.count("media_player.hall works again") == 1


async def test_no_token_reaches_the_log(
    hall: ActingPlayer, player: Player, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    hall.error = HomeAssistantError(f"Cannot load {URL}")
    assert not await say(player)
    assert "Cannot load" in caplog.text
    assert "secret-token" not in caplog.text


@pytest.mark.parametrize("state", ["unavailable", "unknown"])
async def test_a_player_that_is_not_there_is_skipped(
    hass: HomeAssistant, hall: ActingPlayer, player: Player, state: str
) -> None:
    hass.states.async_set(hall.entity_id, state)
    assert not await say(player)
    assert not hall.calls


async def test_a_missing_player_is_skipped(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    assert await async_setup_component(hass, "media_player", {})
    assert not await say(Player(hass, entry, "media_player.removed"))


async def test_a_player_that_is_off_is_called_for_many_wake_up(
    hall: ActingPlayer, player: Player
) -> None:
    hall.switched_off()
    assert await say(player)


async def test_a_satellite_announces_without_a_chime(
    hass: HomeAssistant, entry: MockConfigEntry, satellite: Satellite
) -> None:
    taken = say(Player(hass, entry, satellite.entity_id))
    assert satellite.announced == [
        {"entity_id": satellite.entity_id, "media_id": f"{URL}Hello.", "preannounce": False}
    ]
    assert not taken.done()
    satellite.heard.set()
    assert await taken


async def test_a_busy_satellite_refuses(
    hass: HomeAssistant, entry: MockConfigEntry, satellite: Satellite
) -> None:
    satellite.error = HomeAssistantError("satellite is busy")
    assert not await say(Player(hass, entry, satellite.entity_id))


async def test_a_satellite_that_never_ends_is_given_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    satellite: Satellite,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playback, "SATELLITE_TIMEOUT", 0.1)
    assert not await say(Player(hass, entry, satellite.entity_id))


async def test_nobody_who_stopped_asking_is_told(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    hall.door_stop = asyncio.Event()
    say(player).cancel()
    hall.door_stop.set()
    await rest(hass)
    assert await say(player)


def speak_at(player: Player, volume: float | None) -> asyncio.Future[bool]:
    return player.say(make_quip("Hello.", duration=SHORT), URL, volume)


async def test_a_quip_is_said_at_the_doors_volume_and_the_old_one_restored(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    taken = speak_at(player, 0.8)
    assert (hall.volumes, hall.played) == ([0.8], [URL])
    assert await taken
    await rest(hass)
    assert hall.volumes == [0.8, 0.3]


async def test_the_volume_is_not_restored_before_the_end(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    assert await speak_at(player, 0.8)
    hall.plays(URL)
    await asyncio.sleep(0.15)
    assert hall.volumes == [0.8]
    hall.plays(None)
    await rest(hass)
    assert hall.volumes == [0.8, 0.3]


async def test_two_quips_in_a_row_restore_once_to_the_original(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    assert all(await asyncio.gather(speak_at(player, 0.8), speak_at(player, 0.6)))
    await rest(hass)
    assert hall.volumes == [0.8, 0.6, 0.3]


async def test_a_door_without_a_volume_gets_the_players_own(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    first, second = speak_at(player, 0.8), speak_at(player, None)
    assert await first
    assert await second
    assert hall.volumes == [0.8, 0.3]


async def test_a_player_that_refuses_gets_its_volume_back(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    hall.error = HomeAssistantError("I would rather not")
    assert not await speak_at(player, 0.8)
    await rest(hass)
    assert hall.volumes == [0.8, 0.3]


async def test_a_player_that_wakes_up_to_play_gets_the_volume_then(
    hass: HomeAssistant, hall: ActingPlayer, player: Player
) -> None:
    hall.switched_off()
    hall.door_stop = asyncio.Event()
    taken = speak_at(player, 0.8)
    assert hall.volumes == []
    hall.plays(URL)
    hall.door_stop.set()
    assert await taken
    hall.plays(None)
    await rest(hass)
    assert hall.volumes == [0.8, 0.3]


@pytest.mark.parametrize("waiting", [0, 3])
async def test_unloading_restores_the_volume_even_with_others_in_the_queue(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hall: ActingPlayer,
    player: Player,
    waiting: int,
) -> None:
    quip = make_quip(duration=5)
    assert await player.say(quip, URL, 0.8)
    for _ in range(waiting):
        player.say(quip, URL, 0.7)
    await cancel_tasks_of(entry, hass)
    assert hall.volumes == [0.8, 0.3]


async def cancel_tasks_of(entry: MockConfigEntry, hass: HomeAssistant) -> None:
    process: Callable[[HomeAssistant], Awaitable[None]] = entry._async_process_on_unload
    await process(hass)
