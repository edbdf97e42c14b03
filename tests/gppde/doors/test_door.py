"""A door that moves, and what it says then."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.const import SpeakOn, WhenEmpty
from custom_components.gppde.doors.door import (
    Door,
    DoorConfig,
    Silence,
    Spoken,
    Unspoken,
)
from custom_components.gppde.personas.persona import Persona, stocks_folder
from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.speaking import player as player_module
from custom_components.gppde.speaking.quip_url import QuipUrls
from custom_components.gppde.speaking.speaker import Speaker

from ..acting_player import ActingPlayer
from ..helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    SENSOR,
    find_issue,
    make_entry,
    persona,
    put_on_disk,
    set_up_players,
)
from ..helpers import door as door_subentry

LINES = [f"Line {number}." for number in range(5)]


@dataclass
class House:
    """A door, its persona and its player, without the rest of the integration."""

    hass: HomeAssistant
    entry: MockConfigEntry
    player: ActingPlayer
    persona: Persona
    door: Door
    quips: list[Quip]
    urls: QuipUrls
    stop: Callable[[], None]
    news: list[Spoken | Unspoken] = field(default_factory=list)

    async def move(self, *states: str) -> None:
        """Let the sensor take these states one after another, and all that follows end."""
        for state in states:
            self.hass.states.async_set(SENSOR, state)
            await self.rest()

    async def rest(self) -> None:
        """Wait for everything that was begun."""
        await self.hass.async_block_till_done(wait_background_tasks=True)

    @property
    def reasons(self) -> list[Silence]:
        """Why it was silent."""
        return [news.reason for news in self.news if isinstance(news, Unspoken)]

    @property
    def said(self) -> list[str]:
        """What was said."""
        return [news.quip.text for news in self.news if isinstance(news, Spoken)]


type Build = Callable[..., Any]


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for a second to pass."""
    monkeypatch.setattr(player_module, "PAUSE", 0.0)


@pytest.fixture
async def build(hass: HomeAssistant) -> AsyncIterator[Build]:
    """Build a house as the keywords want it."""
    await hass.config.async_update(internal_url="http://ha.local:8123")
    player = ActingPlayer("hall")
    await set_up_players(hass, player)
    stops = []

    async def build_house(
        lines: Sequence[str] = LINES, when_empty: WhenEmpty = WhenEmpty.SILENT, **settings: Any
    ) -> House:
        entry = make_entry(
            hass, doors=[door_subentry(**settings)], personas=[persona(when_empty=when_empty)]
        )
        quips = put_on_disk(hass, *lines)
        hinge = Persona.from_subentry(hass, entry.subentries[PERSONA])
        await hinge.stock.load()
        config = DoorConfig.from_subentry(entry.subentries[DOOR])
        speaker = Speaker(hass, entry, urls := QuipUrls(hass))
        door = Door(hass, entry, DOOR, config, hinge, speaker)
        house = House(hass, entry, player, hinge, door, quips, urls, door.start())
        stops.append(async_dispatcher_connect(hass, door.signal, house.news.append))
        hass.states.async_set(SENSOR, "off")
        return house

    yield build_house
    for stop in stops:
        stop()
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_player_is_called_in_the_turn_in_which_the_door_opens(
    hass: HomeAssistant, build: Build
) -> None:
    house = await build()
    hass.states.async_set(SENSOR, "on")
    assert len(house.player.played) == 1
    await house.rest()
    assert house.door.name == "Front door"
    assert len(house.said) == 1


async def test_those_who_show_the_stock_are_told_after_the_player_was_called(
    hass: HomeAssistant, build: Build
) -> None:
    house = await build()
    played: list[int] = []

    @callback
    def look() -> None:
        played.append(len(house.player.played))

    stop = async_dispatcher_connect(hass, house.persona.signal, look)
    hass.states.async_set(SENSOR, "on")
    assert played == [1]
    await house.rest()
    stop()


async def test_every_opening_says_another_line(build: Build) -> None:
    house = await build()
    await house.move(*["on", "off"] * 5)
    assert sorted(house.said) == LINES
    assert len(set(house.player.played)) == 5
    assert house.persona.stock.fresh_count == 0


async def test_what_a_player_took_is_stale_on_disk(hass: HomeAssistant, build: Build) -> None:
    house = await build()
    await house.move("on")
    spoken = house.news[0]
    assert isinstance(spoken, Spoken)
    assert spoken.player == PLAYER
    assert (stocks_folder(hass) / PERSONA / "stale" / f"{spoken.quip.uuid}.mp3").exists()


async def test_what_a_player_fetches_before_it_answers_is_not_touched_again(
    hass: HomeAssistant, build: Build
) -> None:
    """A file that changes in mid-play breaks off the playback of players that ask for ranges."""
    house = await build(lines=LINES[:1])
    house.player.door_stop = asyncio.Event()
    hass.states.async_set(SENSOR, "on")
    (quip,) = house.quips
    await house.persona.stock.mark_stale(quip.uuid)
    house.urls.note_fetched(quip.uuid)
    file = stocks_folder(hass) / PERSONA / "stale" / f"{quip.uuid}.mp3"
    os.utime(file, (1, 1))
    house.player.door_stop.set()
    await house.rest()
    assert house.said == [quip.text]
    assert file.stat().st_mtime == 1


@pytest.mark.parametrize(
    ("speak_on", "count"), [(SpeakOn.OPENED, 1), (SpeakOn.CLOSED, 1), (SpeakOn.BOTH, 2)]
)
async def test_a_door_speaks_on_the_movements_it_was_told(
    build: Build, speak_on: SpeakOn, count: int
) -> None:
    house = await build(speak_on=speak_on)
    await house.move("on")
    assert len(house.said) == (speak_on is not SpeakOn.CLOSED)
    await house.move("off")
    assert len(house.said) == count


@pytest.mark.parametrize("before", ["unavailable", "unknown"])
async def test_a_sensor_that_comes_back_opens_no_door(build: Build, before: str) -> None:
    house = await build(speak_on=SpeakOn.BOTH)
    await house.move(before, "on", before, "off")
    assert house.news == []


async def test_a_sensor_that_appears_or_vanishes_opens_no_door(
    hass: HomeAssistant, build: Build
) -> None:
    house = await build(speak_on=SpeakOn.BOTH)
    hass.states.async_remove(SENSOR)
    await house.move("on")
    hass.states.async_remove(SENSOR)
    await house.rest()
    assert house.news == []


async def test_a_door_that_stays_open_says_nothing_more(hass: HomeAssistant, build: Build) -> None:
    house = await build()
    await house.move("on")
    hass.states.async_set(SENSOR, "on", {"battery": 12})
    await house.rest()
    assert len(house.said) == 1


async def test_a_door_that_was_switched_off_is_silent(build: Build) -> None:
    house = await build()
    house.door.talkative = False
    await house.move("on")
    assert house.reasons == [Silence.SWITCHED_OFF]
    assert house.persona.stock.fresh_count == 5


async def test_a_door_that_is_stopped_hears_nothing(build: Build) -> None:
    house = await build()
    house.stop()
    await house.move("on")
    assert house.player.played == []


async def test_a_busy_door_cools_down(build: Build, freezer: FrozenDateTimeFactory) -> None:
    house = await build(cool_down=30)
    await house.move("on", "off")
    freezer.tick(29)
    await house.move("on", "off")
    freezer.tick(1)
    await house.move("on", "off")
    assert len(house.said) == 2
    assert house.reasons == [Silence.COOLING_DOWN]


async def test_a_door_that_tried_in_vain_cools_down_too(build: Build) -> None:
    house = await build(cool_down=30)
    house.player.goes_away()
    await house.move("on", "off", "on")
    assert house.reasons == [Silence.NO_PLAYER, Silence.COOLING_DOWN]


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        ("2026-11-21T21:59:59+01:00", False),
        ("2026-11-21T22:00:00+01:00", True),
        ("2026-11-22T06:59:59+01:00", True),
        ("2026-11-22T07:00:00+01:00", False),
        # The hour from two to three comes twice in October, and not at all in March.
        ("2026-10-25T06:30:00+01:00", True),
        ("2026-10-25T07:00:00+01:00", False),
        ("2026-03-29T06:59:00+02:00", True),
        ("2026-03-29T07:00:00+02:00", False),
    ],
)
async def test_quiet_hours_follow_the_clock_on_the_wall(
    hass: HomeAssistant,
    build: Build,
    freezer: FrozenDateTimeFactory,
    moment: str,
    is_quiet: bool,
) -> None:
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(datetime.fromisoformat(moment))
    house = await build(quiet_from="22:00:00", quiet_until="07:00:00")
    await house.move("on")
    assert (house.reasons == [Silence.QUIET_HOURS]) is is_quiet
    assert bool(house.said) is not is_quiet


async def test_who_asks_hears_something_whatever_the_hour(build: Build) -> None:
    house = await build(quiet_from="00:00:00", quiet_until="23:59:59.999999", cool_down=3600)
    house.door.talkative = False
    for _ in range(2):
        house.door.say()
        await house.rest()
    assert len(house.said) == 2


async def test_an_empty_stock_is_silence_where_that_was_chosen(build: Build) -> None:
    house = await build(lines=["The only one."])
    await house.move("on", "off", "on")
    assert house.said == ["The only one."]
    assert house.reasons == [Silence.STOCK_EMPTY]


async def test_an_empty_stock_repeats_the_line_not_heard_for_longest(build: Build) -> None:
    house = await build(lines=["A.", "B."], when_empty=WhenEmpty.REPEAT)
    await house.move(*["on", "off"] * 4)
    assert house.said[2:] == house.said[:2]
    assert house.persona.stock.stale_count == 2


async def test_a_quip_that_no_player_took_is_fresh_and_next(build: Build) -> None:
    house = await build()
    house.player.error = HomeAssistantError("I would rather not")
    await house.move("on", "off")
    assert house.persona.stock.fresh_count == 5
    refused = house.news[0]
    assert isinstance(refused, Unspoken)
    assert refused.reason is Silence.NO_PLAYER
    assert refused.quip is not None
    house.player.error = None
    await house.move("on")
    assert house.said == [refused.quip.text]


async def test_the_doors_volume_is_used(build: Build) -> None:
    house = await build(volume=0.8)
    await house.move("on")
    assert house.player.volumes == [0.8, 0.3]


async def test_unloading_gives_back_what_was_not_yet_heard(build: Build) -> None:
    house = await build()
    quip = await interrupted(house)
    assert house.persona.stock.is_fresh(quip.uuid)
    assert house.persona.stock.fresh_count == 5


async def test_unloading_does_not_give_back_what_was_fetched(build: Build) -> None:
    house = await build()
    quip = await interrupted(house, fetched=True)
    assert not house.persona.stock.is_fresh(quip.uuid)
    assert house.persona.stock.fresh_count == 4


async def interrupted(house: House, *, fetched: bool = False) -> Quip:
    """Let the door open, and unload while the player still hesitates."""
    house.player.door_stop = asyncio.Event()
    house.hass.states.async_set(SENSOR, "on")
    waiting = house.persona.stock.fresh()
    (quip,) = [quip for quip in house.quips if quip not in waiting]
    if fetched:
        await house.persona.stock.mark_stale(quip.uuid)
    await house.entry._async_process_on_unload(house.hass)
    return quip


async def test_a_folder_that_cannot_be_written_is_told_and_the_door_speaks_on(
    hass: HomeAssistant, build: Build
) -> None:
    house = await build()
    stale = stocks_folder(hass) / PERSONA / "stale"
    stale.rmdir()
    stale.write_bytes(b"a file in the folder's way")
    await house.move("on", "off", "on")
    assert len(set(house.said)) == 2
    assert find_issue(hass, f"stock_unwritable_{PERSONA}")
