"""Which of a door's players says a quip."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from homeassistant.components.http import ApiConfig
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.speaking import playback
from custom_components.gppde.speaking import player as player_module
from custom_components.gppde.speaking.quip_url import QuipUrls
from custom_components.gppde.speaking.speaker import Speaker

from ..acting_player import ActingPlayer
from ..helpers import find_issue, make_entry, make_quip, set_up_players

HALL, KITCHEN = "media_player.hall", "media_player.kitchen"


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for a minute to pass."""
    monkeypatch.setattr(player_module, "PAUSE", 0.02)


@pytest.fixture
def entry(hass: HomeAssistant) -> MockConfigEntry:
    return make_entry(hass)


@pytest.fixture
def quip() -> Quip:
    return make_quip(duration=0.02)


@pytest.fixture
async def urls(hass: HomeAssistant) -> QuipUrls:
    await hass.config.async_update(internal_url="http://ha.local:8123")
    return QuipUrls(hass)


@pytest.fixture
def speaker(hass: HomeAssistant, entry: MockConfigEntry, urls: QuipUrls) -> Speaker:
    return Speaker(hass, entry, urls)


@pytest.fixture
async def players(hass: HomeAssistant) -> AsyncIterator[tuple[ActingPlayer, ActingPlayer]]:
    hall, kitchen = ActingPlayer("hall"), ActingPlayer("kitchen")
    await set_up_players(hass, hall, kitchen)
    yield hall, kitchen
    await hass.async_block_till_done(wait_background_tasks=True)


type Two = tuple[ActingPlayer, ActingPlayer]


async def test_the_preferred_player_says_it_and_the_other_does_not(
    speaker: Speaker, quip: Quip, players: Two
) -> None:
    hall, kitchen = players
    assert await speaker.speak(quip, [HALL, KITCHEN], None) == HALL
    assert len(hall.played) == 1
    assert not kitchen.played


async def test_a_player_that_refuses_leaves_it_to_the_next(
    speaker: Speaker, quip: Quip, players: Two
) -> None:
    hall, kitchen = players
    hall.error = HomeAssistantError("I would rather not")
    assert await speaker.speak(quip, [HALL, KITCHEN], None) == KITCHEN
    assert len(kitchen.played) == 1


async def test_a_player_that_is_unavailable_leaves_it_to_the_next(
    speaker: Speaker, quip: Quip, players: Two
) -> None:
    hall, kitchen = players
    hall.goes_away()
    assert await speaker.speak(quip, [HALL, KITCHEN], None) == KITCHEN
    hall.comes_back()
    assert await speaker.speak(quip, [HALL, KITCHEN], None) == HALL
    assert (len(hall.played), len(kitchen.played)) == (1, 1)


async def test_where_nobody_can_nobody_did(speaker: Speaker, quip: Quip, players: Two) -> None:
    for player in players:
        player.goes_away()
    assert await speaker.speak(quip, [HALL, KITCHEN, "group.missing"], None) is None
    assert await speaker.speak(quip, [], None) is None


async def test_a_player_that_fetched_it_said_it_whatever_its_action_came_to(
    speaker: Speaker,
    quip: Quip,
    players: Two,
    urls: QuipUrls,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(playback, "PLAYER_TIMEOUT", 0.1)
    hall, kitchen = players
    hall.door_stop = asyncio.Event()
    speaking = asyncio.ensure_future(speaker.speak(quip, [HALL, KITCHEN], None))
    await asyncio.sleep(0)
    urls.note_fetched(quip.uuid)
    assert await speaking == HALL
    assert not kitchen.played


async def test_all_members_of_a_group_speak_at_once_each_at_the_doors_volume(
    hass: HomeAssistant, speaker: Speaker, quip: Quip, players: Two
) -> None:
    hall, kitchen = players
    kitchen.is_turned(0.5)
    hall.door_stop = asyncio.Event()
    hass.states.async_set("group.house", "on", {"entity_id": [HALL, KITCHEN, HALL]})
    speaking = asyncio.ensure_future(speaker.speak(quip, ["group.house"], 0.8))
    await asyncio.sleep(0)
    assert (len(hall.calls), len(kitchen.calls)) == (1, 1)
    hall.door_stop.set()
    assert await speaking == "group.house"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert (hall.volumes, kitchen.volumes) == ([0.8, 0.3], [0.8, 0.5])


async def test_one_member_that_took_it_is_enough(
    hass: HomeAssistant, speaker: Speaker, quip: Quip, players: Two
) -> None:
    hall, kitchen = players
    hall.error = HomeAssistantError("I would rather not")
    hass.states.async_set("media_player.both", "idle", {"entity_id": [HALL, KITCHEN]})
    assert await speaker.speak(quip, ["media_player.both"], None) == "media_player.both"
    assert len(kitchen.played) == 1


async def test_players_do_not_wait_for_each_other(
    speaker: Speaker, quip: Quip, players: Two
) -> None:
    hall, _ = players
    hall.door_stop = asyncio.Event()
    stuck = asyncio.ensure_future(speaker.speak(quip, [HALL], None))
    await asyncio.sleep(0)
    assert await speaker.speak(make_quip(duration=0.02), [KITCHEN], None) == KITCHEN
    assert not stuck.done()
    hall.door_stop.set()
    assert await stuck == HALL


async def test_two_doors_share_the_queue_of_one_player(
    hass: HomeAssistant, speaker: Speaker, players: Two
) -> None:
    hall, _ = players
    long = asyncio.ensure_future(speaker.speak(make_quip(duration=0.2), [HALL], None))
    await long
    short = asyncio.ensure_future(speaker.speak(make_quip(duration=0.02), [HALL], None))
    await asyncio.sleep(0.05)
    assert len(hall.played) == 1
    assert await short == HALL


async def test_without_a_usable_address_a_person_is_told_until_it_works(
    hass: HomeAssistant, speaker: Speaker, quip: Quip, players: Two
) -> None:
    # Over TLS, Home Assistant's bare number will not do.
    hass.config.api = ApiConfig("192.168.1.2", "192.168.1.2", 8123, use_ssl=True)
    await hass.config.async_update(internal_url=None)
    assert await speaker.speak(quip, [HALL], None) is None
    assert find_issue(hass, "no_url")
    await hass.config.async_update(internal_url="http://ha.local:8123")
    assert await speaker.speak(quip, [HALL], None) == HALL
    assert not find_issue(hass, "no_url")
