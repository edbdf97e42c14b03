"""The log: clean while all is well, and one line for what begins to fail or works again."""

import logging
from collections.abc import Callable

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant import block_async_io
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import async_fire_time_changed
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.gppde.ec2.instances import INTERVAL

from .aws.booting import EVER
from .aws.faults import Cut
from .aws.proxy import Proxy
from .ec2_entries import make_ec2_entry
from .helpers import (
    DOOR,
    PERSONA,
    RecordingPlayer,
    make_entry,
    open_door,
    press,
    put_on_disk,
    set_up,
)
from .quipgen_double import Quipgen

LINES = [f"Line {n}." for n in range(9)]


@pytest.fixture
def notice_blocking(
    disable_block_async_io: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """Return what lets Home Assistant complain of files and imports in its event loop."""
    monkeypatch.setattr(block_async_io, "_IN_TESTS", False)
    return block_async_io.enable


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what stands in the log that a person would worry about."""
    known = "which has not been tested by Home Assistant"  # said of every custom integration
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name != "asyncio"  # which tells how slow this machine is
        and known not in record.getMessage()
    ]


async def test_a_whole_life_leaves_the_log_clean(
    hass: HomeAssistant,
    player: RecordingPlayer,
    quipgen: Quipgen,
    hass_client_no_auth: ClientSessionGenerator,
    notice_blocking: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    put_on_disk(hass, *LINES)
    for component in "backup", "diagnostics", "media_source", "repairs", "system_health":
        assert await async_setup_component(hass, component, {})
    notice_blocking()
    entry = await set_up(hass, make_entry(hass, url=quipgen.url))
    client = await hass_client_no_auth()
    await open_door(hass)
    assert (await client.get(URL(player.played[0]).path_qs)).status == 200
    await press(hass, "refill", PERSONA)
    await press(hass, "say_something", DOOR)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert complaints(caplog) == []


async def test_a_life_with_ec2_leaves_the_log_clean(
    hass: HomeAssistant,
    player: RecordingPlayer,
    aws: Proxy,
    notice_blocking: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    put_on_disk(hass, *LINES)
    notice_blocking()
    entry = await set_up(hass, make_ec2_entry(hass))
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert complaints(caplog) == []


async def test_a_silent_aws_is_told_once_and_once_more_when_it_answers(
    hass: HomeAssistant,
    player: RecordingPlayer,
    aws: Proxy,
    caplog: pytest.LogCaptureFixture,
    freezer: FrozenDateTimeFactory,
) -> None:
    put_on_disk(hass, *LINES)
    aws.faults.append(Cut(action="DescribeInstances", times=EVER))
    await set_up(hass, make_ec2_entry(hass))

    async def looks() -> None:
        freezer.tick(INTERVAL)
        async_fire_time_changed(hass)
        await hass.async_block_till_done(wait_background_tasks=True)

    await looks()
    await looks()
    assert caplog.text.count("Nobody knows what runs at AWS") == 1
    aws.faults.clear()
    await looks()
    await looks()
    assert caplog.text.count("AWS tells again what runs") == 1
