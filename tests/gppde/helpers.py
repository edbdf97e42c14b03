"""Factories: an entry with doors and personas, quips, mp3s, players that record."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from homeassistant.components.media_player import MediaPlayerEntity, MediaPlayerEntityFeature
from homeassistant.components.media_player import MediaPlayerState as State
from homeassistant.config_entries import ConfigSubentryDataWithId
from homeassistant.core import HomeAssistant
from homeassistant.core import State as HomeAssistantState
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    setup_test_component_platform,
)

from custom_components.gppde.const import DOMAIN, SpeakOn, Tone, WhenEmpty
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.quips.quip import Quip

PERSONA = "persona-1"
DOOR = "door-1"
SENSOR = "binary_sensor.front_door"
PLAYER = "media_player.hall"
TOKEN = "a-token-that-must-not-leak"
DEAD_URL = "http://127.0.0.1:9"

_SILENT_FRAME = bytes.fromhex("fffb9004") + bytes(413)
_FRAMES_PER_SECOND = 44100 / 1152


def make_mp3(seconds: float = 0.5) -> bytes:
    """Return a valid mp3 of silence: MPEG 1 layer 3, 128 kbit/s, 44.1 kHz."""
    return _SILENT_FRAME * round(seconds * _FRAMES_PER_SECOND)


def make_quip(text: str = "I open, therefore I am.", **fields: Any) -> Quip:
    """Return the metadata of a line; every call makes another quip."""
    defaults: dict[str, Any] = {
        "uuid": str(uuid4()),
        "text": text,
        "persona": "Hinge",
        "tone": Tone.SUNNY,
        "mood": 0.5,
        "model": "test",
        "voice": "espeak",
        "duration": 0.5,
        "loudness": -18.0,
        "created": datetime(2026, 11, 1, 12, tzinfo=UTC),
        "seed": 42,
    }
    return Quip(**(defaults | fields))


def put_on_disk(
    hass: HomeAssistant, *texts: str, persona: str = PERSONA, heap: str = "fresh"
) -> list[Quip]:
    """Write a quip for each text where the stock will find it at the next start."""
    folder = stocks_folder(hass) / persona / heap
    folder.mkdir(parents=True, exist_ok=True)
    quips = [make_quip(text, duration=0.0) for text in texts]
    for quip in quips:
        (folder / f"{quip.uuid}.json").write_text(json.dumps(quip.as_metadata()))
        (folder / f"{quip.uuid}.mp3").write_bytes(make_mp3())
    return quips


def persona(id_: str = PERSONA, name: str = "Hinge", **settings: Any) -> ConfigSubentryDataWithId:
    """Return a persona's subentry."""
    defaults: dict[str, Any] = {
        "description": "A cheerful door.",
        "tone": Tone.SUNNY,
        "voice": "espeak",
        "target": 10,
        "low_water": 5,
        "when_empty": WhenEmpty.REPEAT,
    }
    return ConfigSubentryDataWithId(
        data=defaults | settings,
        subentry_id=id_,
        subentry_type="persona",
        title=name,
        unique_id=None,
    )


def door(
    id_: str = DOOR,
    name: str = "Front door",
    *,
    sensor: str = SENSOR,
    players: Sequence[str] = (PLAYER,),
    persona: str = PERSONA,
    **settings: Any,
) -> ConfigSubentryDataWithId:
    """Return a door's subentry; it does not cool down unless told so."""
    defaults: dict[str, Any] = {"cool_down": 0, "speak_on": SpeakOn.OPENED}
    return ConfigSubentryDataWithId(
        data=defaults | settings | {"sensor": sensor, "players": list(players), "persona": persona},
        subentry_id=id_,
        subentry_type="door",
        title=name,
        unique_id=sensor,
    )


def make_entry(
    hass: HomeAssistant,
    *,
    doors: Sequence[ConfigSubentryDataWithId] | None = None,
    personas: Sequence[ConfigSubentryDataWithId] | None = None,
    url: str = DEAD_URL,
) -> MockConfigEntry:
    """Add an entry, with one door and one persona unless told otherwise; nothing is set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title="Quipgen",
        data={"source": "server", "url": url, "token": TOKEN},
        subentries_data=[
            *([persona()] if personas is None else personas),
            *([door()] if doors is None else doors),
        ],
    )
    entry.add_to_hass(hass)
    return entry


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """Set an entry up, its doors closed."""
    for subentry in entry.subentries.values():
        if subentry.subentry_type == "door" and not hass.states.get(subentry.data["sensor"]):
            hass.states.async_set(subentry.data["sensor"], "off")
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def move(hass: HomeAssistant, state: str, sensor: str = SENSOR) -> None:
    """Let a door's sensor take a state, and wait for what follows."""
    hass.states.async_set(sensor, state)
    await hass.async_block_till_done(wait_background_tasks=True)


async def open_door(hass: HomeAssistant, sensor: str = SENSOR) -> None:
    """Close the door, then open it."""
    await move(hass, "off", sensor)
    await move(hass, "on", sensor)


class RecordingPlayer(MediaPlayerEntity):
    """A media player that notes what it is told to play, or refuses."""

    _attr_media_content_type = "music"

    def __init__(self, name: str, *, announces: bool = False, refuses: bool = False) -> None:
        self.entity_id = f"media_player.{name}"
        self._attr_unique_id = name
        self._attr_state = State.IDLE
        self._attr_volume_level = 0.3
        self._attr_supported_features = (
            MediaPlayerEntityFeature.PLAY_MEDIA | MediaPlayerEntityFeature.VOLUME_SET
        )
        if announces:
            self._attr_supported_features |= MediaPlayerEntityFeature.MEDIA_ANNOUNCE
        self.refuses = refuses
        self.played: list[str] = []
        self.volumes: list[float] = []

    async def async_play_media(self, media_type: str, media_id: str, **_: Any) -> None:  # noqa: ARG002
        """Note the address."""
        if self.refuses:
            raise HomeAssistantError("I would rather not")
        self.played.append(media_id)

    async def async_set_volume_level(self, volume: float) -> None:
        """Note the volume, and take it."""
        self.volumes.append(volume)
        self._attr_volume_level = volume
        self.async_write_ha_state()


def find_issue(hass: HomeAssistant, issue_id: str) -> ir.IssueEntry | None:
    """Return a repair issue of ours that a person would see."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return issue if issue and issue.active else None


def entity_id(hass: HomeAssistant, platform: str, key: str, owner: str) -> str:
    """Return the id under which a person finds an entity of ours."""
    found = er.async_get(hass).async_get_entity_id(platform, DOMAIN, f"{owner}_{key}")
    assert found is not None
    return found


def state_of(hass: HomeAssistant, platform: str, key: str, owner: str) -> HomeAssistantState:
    """Return the state of an entity of ours."""
    state = hass.states.get(entity_id(hass, platform, key, owner))
    assert state is not None
    return state


def device_id(hass: HomeAssistant, owner: str) -> str:
    """Return the id of a door's or a persona's device."""
    entities = er.async_get(hass).entities.values()
    found = {entity.device_id for entity in entities if entity.config_subentry_id == owner}
    [device] = filter(None, found)
    return device


async def until(condition: Callable[[], object]) -> None:
    """Wait for what happens in the background, five seconds at most."""
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    pytest.fail("Nothing came of it.")


async def press(hass: HomeAssistant, key: str, owner: str) -> None:
    """Press a button of ours, and wait for what follows."""
    target = {"entity_id": entity_id(hass, "button", key, owner)}
    await hass.services.async_call("button", "press", target, blocking=True)
    await hass.async_block_till_done(wait_background_tasks=True)


async def set_up_players(hass: HomeAssistant, *players: RecordingPlayer) -> None:
    """Put players into Home Assistant."""
    setup_test_component_platform(hass, "media_player", players)
    config = {"media_player": {"platform": "test"}}
    assert await async_setup_component(hass, "media_player", config)
    await hass.async_block_till_done()
