"""Home Assistant's own backups: what they hold, what a restore brings back, who waits for them."""

import asyncio
import json
import tarfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.backup_restore import RESTORE_BACKUP_FILE, restore_backup
from homeassistant.core import HomeAssistant
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    async_fire_time_changed,
    async_test_home_assistant,
    flush_store,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.gppde.const import DOMAIN
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.personas.rescan import INTERVAL
from custom_components.gppde.quips import stock
from custom_components.gppde.quips.scan import note_heard

from .clips import put_clip
from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    make_entry,
    open_door,
    persona,
    press,
    put_on_disk,
    set_up,
    set_up_players,
    state_of,
)
from .quipgen_double import Quipgen

LINES = [f"Line {n}." for n in range(9)]


async def take_backup(hass: HomeAssistant) -> None:
    """Take a backup by Home Assistant's own action."""
    await flush_store(hass.config_entries._store)
    await hass.services.async_call("backup", "create", blocking=True)


def restored(hass: HomeAssistant, into: Path) -> Path:
    """Restore the one backup of a house in another folder, as the next start does it."""
    [backup] = Path(hass.config.path("backups")).glob("*.tar")
    into.mkdir()
    order = {
        "path": str(backup),
        "password": None,
        "remove_after_restore": False,
        "restore_database": False,
        "restore_homeassistant": True,
    }
    (into / RESTORE_BACKUP_FILE).write_text(json.dumps(order))
    assert restore_backup(str(into))
    return into


@asynccontextmanager
async def started_in(folder: Path) -> AsyncIterator[tuple[HomeAssistant, RecordingPlayer]]:
    """Start another Home Assistant on what a restore brought back, with the player it had."""
    async with async_test_home_assistant(config_dir=str(folder)) as hass:
        hass.data.pop(DATA_CUSTOM_COMPONENTS)
        hass.config.internal_url = "http://192.168.1.2:8123"
        await async_setup_component(hass, "homeassistant", {})
        player = RecordingPlayer("hall")
        await set_up_players(hass, player)
        hass.states.async_set("binary_sensor.front_door", "off")
        await hass.config_entries.async_initialize()
        [entry] = hass.config_entries.async_entries(DOMAIN)
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()
        yield hass, player
        await hass.async_stop(force=True)


async def look_again(hass: HomeAssistant, freezer: FrozenDateTimeFactory) -> None:
    """Let the stocks' folders be looked at, as they are each minute."""
    freezer.tick(INTERVAL)
    async_fire_time_changed(hass)
    for task in [task for task in asyncio.all_tasks() if task.get_name() == "gppde rescan"]:
        await task


def said(player: RecordingPlayer) -> list[str]:
    """Return the uuids of what a player was told to play."""
    return [URL(url).name.removesuffix(".mp3") for url in player.played]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in the background, five seconds at most."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.to_thread(time.sleep, 0.01)


async def opened(hass: HomeAssistant, player: RecordingPlayer) -> str:
    """Open the door without waiting for what else goes on; return the address that is played."""
    before = len(player.played)
    for state in "off", "on":
        hass.states.async_set("binary_sensor.front_door", state)
    await until(lambda: len(player.played) > before)
    return URL(player.played[-1]).path_qs


@dataclass
class Reading:
    """A backup that has listed the fresh quips, and stops before it reads the first."""

    begun: threading.Event = field(default_factory=threading.Event)
    goes_on: threading.Event = field(default_factory=threading.Event)

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        add = tarfile.TarFile.add

        def add_slowly(tar: tarfile.TarFile, name: str, *args: Any, **options: Any) -> None:
            if name.endswith(".mp3") and not self.begun.is_set():
                self.begun.set()
                assert self.goes_on.wait(30)
            add(tar, name, *args, **options)

        monkeypatch.setattr(tarfile.TarFile, "add", add_slowly)


@pytest.fixture
async def reading(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Let a backup stop in the middle."""
    assert await async_setup_component(hass, "backup", {})
    reading = Reading()
    reading.install(monkeypatch)
    return reading


@asynccontextmanager
async def in_the_middle_of_a_backup(hass: HomeAssistant, reading: Reading) -> AsyncIterator[None]:
    """Do something while a backup is being taken, which must succeed."""
    backup = asyncio.create_task(take_backup(hass))
    await asyncio.to_thread(reading.begun.wait, 30)
    try:
        yield
    finally:
        reading.goes_on.set()
        await backup


async def test_a_restored_door_says_the_next_line_with_all_it_had(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    quips = [put_on_disk(hass, line)[0] for line in LINES]
    clip = put_clip(hass)
    await set_up(hass, make_entry(hass, personas=[persona(clip=clip)]))
    assert await async_setup_component(hass, "backup", {})
    await open_door(hass)
    client = await hass_client_no_auth()
    assert (await client.get(URL(player.played[0]).path_qs)).status == 200
    await take_backup(hass)

    folder = restored(hass, tmp_path_factory.mktemp("new") / "config")
    async with started_in(folder) as (house, other_player):
        assert state_of(house, "sensor", "quip_stock", PERSONA).state == "8"
        assert state_of(house, "sensor", "quip_stock", PERSONA).attributes["stale"] == 1
        assert (folder / "gppde" / "voices" / clip).is_file()
        await open_door(house)
        [heard], [next_line] = said(player), said(other_player)
        assert next_line != heard
        assert {heard, next_line} <= {quip.uuid for quip in quips}


async def test_a_door_that_opens_in_the_middle_of_a_backup_speaks_and_spoils_nothing(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_client_no_auth: ClientSessionGenerator,
    tmp_path_factory: pytest.TempPathFactory,
    reading: Reading,
) -> None:
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass))
    client = await hass_client_no_auth()
    async with in_the_middle_of_a_backup(hass, reading):
        for _ in range(2):
            answer = await client.get(await opened(hass, player))
            assert len(await answer.read()) > 0
        assert len(list((stocks_folder(hass) / PERSONA / "fresh").glob("*.mp3"))) == len(LINES)
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "7"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).attributes["stale"] == 2

    folder = restored(hass, tmp_path_factory.mktemp("new") / "config")
    async with started_in(folder) as (house, other_player):
        assert state_of(house, "sensor", "quip_stock", PERSONA).state == "7"
        for _ in range(7):
            await open_door(house)
        assert len({*said(player), *said(other_player)}) == len(LINES)


async def test_what_was_heard_during_a_backup_is_moved_after_it(
    hass: HomeAssistant,
    player: RecordingPlayer,
    hass_client_no_auth: ClientSessionGenerator,
    reading: Reading,
    freezer: FrozenDateTimeFactory,
) -> None:
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass))
    client = await hass_client_no_auth()
    async with in_the_middle_of_a_backup(hass, reading):
        address = await opened(hass, player)
        await client.get(address)
        await look_again(hass, freezer)
    [uuid] = said(player)
    stale = stocks_folder(hass) / PERSONA / "stale"
    assert [file.name for file in stale.iterdir()] == [f".{uuid}.heard"]

    await look_again(hass, freezer)
    assert sorted(file.name for file in stale.iterdir()) == [f"{uuid}.json", f"{uuid}.mp3"]
    assert (await client.get(address)).status == 200


async def test_a_power_cut_during_a_backup_lets_no_door_repeat_itself(
    hass: HomeAssistant, player: RecordingPlayer
) -> None:
    quips = put_on_disk(hass, *LINES)
    heard = quips[0].uuid
    stale = stocks_folder(hass) / PERSONA / "stale"
    stale.mkdir()
    note_heard(stale, heard)
    await set_up(hass, make_entry(hass))
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "8"
    assert sorted(file.name for file in stale.iterdir()) == [f"{heard}.json", f"{heard}.mp3"]


async def test_new_quips_wait_for_a_backup_and_none_is_lost(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen, reading: Reading
) -> None:
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass, url=quipgen.url))
    async with in_the_middle_of_a_backup(hass, reading):
        refill = asyncio.create_task(press(hass, "refill", PERSONA))
        await until(lambda: bool(quipgen.orders))
        await asyncio.sleep(0.1)
        assert len(list((stocks_folder(hass) / PERSONA / "fresh").iterdir())) == 2 * len(LINES)
    await refill
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"


async def test_a_backup_that_takes_too_long_is_not_waited_for(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    reading: Reading,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stock, "LONGEST_HOLD", 0.2)
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass, url=quipgen.url))
    async with in_the_middle_of_a_backup(hass, reading):
        refill = asyncio.create_task(press(hass, "refill", PERSONA))
        await until(lambda: state_of(hass, "sensor", "quip_stock", PERSONA).state == "10")
    await refill


async def test_a_backup_that_fails_lets_go_of_the_files(
    hass: HomeAssistant, player: RecordingPlayer, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass))
    assert await async_setup_component(hass, "backup", {})
    monkeypatch.setattr(tarfile.TarFile, "add", Mock(side_effect=OSError("no space")))
    with pytest.raises(Exception, match="no space"):
        await take_backup(hass)
    await press(hass, "say_something", DOOR)
    assert len(list((stocks_folder(hass) / PERSONA / "stale").glob("*.mp3"))) == 1
