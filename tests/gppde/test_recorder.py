"""What the recorder keeps of us: a house that speaks for years must not fill its database."""

from collections import Counter
from datetime import timedelta

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.db_schema import StateAttributes, States, StatesMeta
from homeassistant.core import HomeAssistant
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import RecorderInstanceContextManager

from custom_components.gppde.ec2.instances import shared_ledger

from .aws.attempts import make_launched
from .aws.proxy import Proxy
from .ec2_entries import make_ec2_entry
from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    entity_id,
    make_entry,
    open_door,
    press,
    put_on_disk,
    set_up,
)
from .quipgen_double import Quipgen

OPENINGS = 20
LINES = [f"This is line number {n}, and it is as long as most." for n in range(OPENINGS + 9)]

type Row = tuple[str, str | None, str | None]
"""An entity, its state, and its attributes as JSON."""


@pytest.fixture
def mock_recorder_before_hass(async_test_recorder: RecorderInstanceContextManager) -> None:
    """Let the recorder be there before Home Assistant is, as it wants to be."""


async def recorded(hass: HomeAssistant, *, since: int = 0) -> list[Row]:
    """Return what was written of entities, without the first rows."""
    await async_wait_recording_done(hass)
    with session_scope(hass=hass, read_only=True) as session:
        rows = (
            session.query(StatesMeta.entity_id, States.state, StateAttributes.shared_attrs)
            .select_from(States)
            .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
            .outerjoin(StateAttributes, States.attributes_id == StateAttributes.attributes_id)
            .order_by(States.state_id)
        )
        return [(row[0], row[1], row[2]) for row in rows][since:]


def of_ours(rows: list[Row]) -> list[Row]:
    """Return what is not of the sensor and the player, which are other people's."""
    return [row for row in rows if "hinge" in row[0] or "quip" in row[0] or "talkative" in row[0]]


async def test_an_opening_is_a_handful_of_rows_that_share_what_can_be_shared(
    recorder_mock: Recorder, hass: HomeAssistant, player: RecordingPlayer
) -> None:
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass))
    before = len(await recorded(hass))
    for _ in range(OPENINGS):
        await open_door(hass)
    rows = of_ours(await recorded(hass, since=before))
    assert set(Counter(row[0] for row in rows)) == {
        entity_id(hass, "sensor", "quip_stock", PERSONA),
        entity_id(hass, "sensor", "last_quip", PERSONA),
        entity_id(hass, "event", "quip", DOOR),
    }
    assert len(rows) <= 4 * OPENINGS
    assert len({row[2] for row in rows}) <= OPENINGS + 2
    assert len("".join({row[2] or "" for row in rows})) <= 300 * (OPENINGS + 2)
    assert all(name not in (row[2] or "") for row in rows for name in ("uuid", "mood", "said_at"))


async def test_a_refill_is_a_row_a_quip_and_at_most_one_a_percent(
    recorder_mock: Recorder, hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen
) -> None:
    put_on_disk(hass, *LINES[:6])
    entry = await set_up(hass, make_entry(hass, url=quipgen.url))
    before = len(await recorded(hass))
    await press(hass, "refill", PERSONA)
    rows = Counter(row[0] for row in of_ours(await recorded(hass, since=before)))
    assert rows[entity_id(hass, "sensor", "quip_stock", PERSONA)] == 4
    assert rows[entity_id(hass, "sensor", "refill_progress", entry.entry_id)] <= 6
    assert rows[entity_id(hass, "sensor", "refill", entry.entry_id)] <= 4


async def test_a_quiet_hour_writes_nothing(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    player: RecordingPlayer,
    freezer: FrozenDateTimeFactory,
) -> None:
    put_on_disk(hass, *LINES)
    await set_up(hass, make_entry(hass))
    before = len(await recorded(hass))
    for _ in range(60):
        freezer.tick(timedelta(minutes=1))
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)
    assert of_ours(await recorded(hass, since=before)) == []


async def test_what_an_instance_costs_is_written_by_the_minute(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    player: RecordingPlayer,
    aws: Proxy,
    freezer: FrozenDateTimeFactory,
) -> None:
    put_on_disk(hass, *LINES)
    entry = await set_up(hass, make_ec2_entry(hass))
    await shared_ledger(hass).begin(make_launched(launched=dt_util.utcnow()))
    async_dispatcher_send(hass, entry.runtime_data.refill.signal)
    before = len(await recorded(hass))
    for _ in range(300):
        freezer.tick(1)
        async_dispatcher_send(hass, entry.runtime_data.refill.signal)
    assert len(of_ours(await recorded(hass, since=before))) <= 5
