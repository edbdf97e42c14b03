"""Does the stock fill up where the source fails, and is the failure told all the same?"""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..assistants import CHOICE, WRITER, Speaker, Writer, move_in
from ..aws.faults import Refused
from ..aws.proxy import Proxy
from ..ec2_entries import make_ec2_entry
from ..helpers import (
    PERSONA,
    RecordingPlayer,
    find_issue,
    make_entry,
    persona,
    press,
    put_on_disk,
    set_up,
    state_of,
)
from ..quipgen_double import Quipgen
from ..repairing import Person

type House = tuple[MockConfigEntry, Writer, Speaker]


async def furnished(hass: HomeAssistant, entry: MockConfigEntry) -> House:
    """Set an entry up in a house with a writer and a voice, which are to stand in."""
    writer, speaker = Writer(), Speaker()
    await move_in(hass, writer, speaker)
    hass.config_entries.async_update_entry(entry, options={"stand_in": CHOICE})
    await set_up(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)
    return entry, writer, speaker


@pytest.fixture
async def house(hass: HomeAssistant, player: RecordingPlayer) -> AsyncGenerator[House]:
    """Return a house whose server is down; three quips are enough for it."""
    put_on_disk(hass, "One.", "Two.", "Three.")
    entry = make_entry(hass, personas=[persona(target=3, low_water=2)])
    yield await furnished(hass, entry)
    await hass.config_entries.async_unload(entry.entry_id)


def fresh(hass: HomeAssistant) -> str:
    return state_of(hass, "sensor", "quip_stock", PERSONA).state


async def say_one(hass: HomeAssistant, entry: MockConfigEntry, freezer: Any) -> None:
    """Let the persona say something, which makes its stock low, after a while."""
    freezer.tick(timedelta(minutes=10))
    persona = entry.runtime_data.personas[PERSONA]
    await persona.stock.mark_stale(persona.draw().uuid)
    persona.changed()
    async with asyncio.timeout(10):
        await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_stock_is_filled_and_the_failure_told(hass: HomeAssistant, house: House) -> None:
    entry, _, speaker = house
    await hass.services.async_call("gppde", "refill", {"count": 2}, blocking=True)
    assert fresh(hass) == "5"
    assert len(speaker.said) == 2
    newest = entry.runtime_data.personas[PERSONA].stock.fresh()[-1]
    assert newest.model == WRITER
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "idle"
    assert "No quipgen server answers" in (entry.runtime_data.refill.last_error or "")


async def test_a_source_that_fails_again_and_again_is_told_while_the_doors_speak(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory
) -> None:
    for times in range(5):
        assert bool(find_issue(hass, "standing_in")) is (times >= 3)
        await say_one(hass, house[0], freezer)
        assert fresh(hass) == "3"
    assert find_issue(hass, "refill_failing") is None
    issue = find_issue(hass, "standing_in")
    assert issue
    assert issue.translation_placeholders
    assert issue.translation_placeholders["persona"] == "Hinge"


async def test_it_is_taken_back_once_the_source_works(
    hass: HomeAssistant, house: House, freezer: FrozenDateTimeFactory, quipgen: Quipgen
) -> None:
    entry, writer, _ = house
    for _ in range(3):
        await say_one(hass, house[0], freezer)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "url": quipgen.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = len(writer.asked)
    await hass.services.async_call("gppde", "refill", {"count": 1}, blocking=True)
    assert find_issue(hass, "standing_in") is None
    assert len(writer.asked) == asked
    assert entry.runtime_data.refill.last_error is None


async def test_its_repair_asks_the_source_at_once_though_the_stock_is_full(
    hass: HomeAssistant,
    house: House,
    freezer: FrozenDateTimeFactory,
    quipgen: Quipgen,
    person: Person,
) -> None:
    entry, writer, _ = house
    for _ in range(3):
        await say_one(hass, entry, freezer)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "url": quipgen.url})
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = len(writer.asked)
    done = await person.submits(await person.opens("standing_in"))
    assert done["type"] == "create_entry"
    await hass.async_block_till_done(wait_background_tasks=True)
    assert [order["count"] for order in quipgen.orders] == [1]
    assert len(writer.asked) == asked
    assert fresh(hass) == "4"
    assert find_issue(hass, "standing_in") is None


async def test_where_the_stand_in_fails_too_the_refill_waits_as_ever(
    hass: HomeAssistant, house: House
) -> None:
    entry, writer, _ = house
    writer.answers = [HomeAssistantError("No credits.")]
    with pytest.raises(HomeAssistantError, match=r"No quipgen server answers.*No credits"):
        await hass.services.async_call("gppde", "refill", {"count": 2}, blocking=True)
    assert fresh(hass) == "3"
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "waiting"


async def test_a_refused_token_is_asked_for_while_the_stand_in_works(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, "One.", "Two.", "Three.")
    entry = make_entry(hass, personas=[persona(target=3, low_water=2)], url=quipgen.url)
    hass.config_entries.async_update_entry(entry, data={**entry.data, "token": "outdated"})
    await furnished(hass, entry)
    await hass.services.async_call("gppde", "refill", {"count": 2}, blocking=True)
    assert fresh(hass) == "5"
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["context"]["source"] == SOURCE_REAUTH
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "idle"


async def test_ec2_that_launches_nothing_is_stood_in_for_and_costs_nothing(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def home_address(_: object) -> str:
        return "203.0.113.5"

    monkeypatch.setattr("custom_components.gppde.sources.building.home_address", home_address)
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry, _, speaker = await furnished(hass, make_ec2_entry(hass))
    aws.faults.append(Refused(action="RunInstances", code="VcpuLimitExceeded", times=99))
    await press(hass, "refill", PERSONA)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert fresh(hass) == "10"
    assert len(speaker.said) == 1
    assert entry.runtime_data.refill.last_error
    assert state_of(hass, "binary_sensor", "instance", entry.entry_id).state == "off"
    assert float(state_of(hass, "sensor", "spent", entry.entry_id).state) == 0
