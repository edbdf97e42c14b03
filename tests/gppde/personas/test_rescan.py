"""Is it noticed what a person puts into the folders?"""

import os
import shutil

import pytest
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.gppde.personas.persona import Persona, stocks_folder
from custom_components.gppde.personas.rescan import INTERVAL

from ..helpers import PERSONA, find_issue, make_entry, persona, put_on_disk, set_up


@pytest.fixture
async def hinge(hass: HomeAssistant) -> Persona:
    """Load a persona that has two quips, and wants no more."""
    put_on_disk(hass, "One.", "Two.")
    entry = await set_up(hass, make_entry(hass, personas=[persona(target=2, low_water=0)]))
    loaded: Persona = entry.runtime_data.personas[PERSONA]
    return loaded


async def wait_a_minute(hass: HomeAssistant) -> None:
    async_fire_time_changed(hass, dt_util.utcnow() + INTERVAL)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_an_mp3_put_into_the_folder_by_hand_is_found(
    hass: HomeAssistant, hinge: Persona
) -> None:
    put_on_disk(hass, "By hand.")
    changes = 0

    @callback
    def changed() -> None:
        nonlocal changes
        changes += 1

    async_dispatcher_connect(hass, hinge.signal, changed)
    await wait_a_minute(hass)
    assert hinge.stock.fresh_count == 3
    assert changes == 1


@pytest.mark.usefixtures("hinge")
async def test_a_file_that_is_no_mp3_is_told(hass: HomeAssistant) -> None:
    song = stocks_folder(hass) / PERSONA / "fresh" / "song.mp3"
    song.write_text("no mp3")
    os.utime(song, (0, 0))  # it is not being copied any more
    await wait_a_minute(hass)
    issue = find_issue(hass, f"unreadable_quips_{PERSONA}")
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["files"] == "song.mp3"


@pytest.mark.usefixtures("hinge")
async def test_a_folder_that_cannot_be_read_is_told(hass: HomeAssistant) -> None:
    folder = stocks_folder(hass) / PERSONA / "fresh"
    shutil.rmtree(folder)
    folder.write_text("a file where the folder belongs")
    await wait_a_minute(hass)
    assert find_issue(hass, f"stock_unwritable_{PERSONA}")
