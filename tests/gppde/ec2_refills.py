"""Refills from EC2 in no time, on an AWS that boots real servers."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.gppde.aws.cloud import Cloud, CloudConfig
from custom_components.gppde.aws.fleet import Fleet
from custom_components.gppde.aws.ledger import Ledger
from custom_components.gppde.aws.runtime import Run
from custom_components.gppde.ec2.instances import INTERVAL
from custom_components.gppde.sources import ec2, following

from .aws.booting import EVER, Booting
from .aws.faults import Forgotten
from .aws.proxy import Proxy
from .ec2_entries import make_ec2_entry
from .helpers import RecordingPlayer, put_on_disk, set_up

HOME_ADDRESS = "203.0.113.5"
OTHER_ADDRESS = "203.0.113.77"


@pytest.fixture
def addresses() -> list[str]:
    """Return under which addresses the home is seen, one after the other; the last one stays."""
    return [HOME_ADDRESS]


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int, addresses: list[str]) -> None:
    """Wait for nobody, and serve where nobody else does."""

    async def home_address(_: object) -> str:
        return addresses.pop(0) if len(addresses) > 1 else addresses[0]

    monkeypatch.setattr("custom_components.gppde.sources.building.home_address", home_address)
    monkeypatch.setattr(ec2, "PORT", unused_tcp_port)
    for module in (ec2, following):
        monkeypatch.setattr(module, "POLL", 0.01)


@pytest.fixture
def booting(aws: Proxy, tmp_path: Path) -> Booting:
    fault = Booting(folder=tmp_path)
    # moto's spot prices are next to nothing, so the usual ones are reckoned with.
    aws.faults += [Forgotten(action="DescribeSpotPriceHistory", times=EVER), fault]
    return fault


@pytest.fixture
async def entry(
    hass: HomeAssistant, player: RecordingPlayer, booting: Booting
) -> AsyncIterator[MockConfigEntry]:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = await set_up(hass, make_ec2_entry(hass))
    await hass.async_block_till_done(wait_background_tasks=True)
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def alive(cloud: Cloud, entry: MockConfigEntry) -> list[str]:
    """Return what the home pays for."""
    told = await asyncio.to_thread(cloud.instances, entry.entry_id)
    return [one.id for one in told if not one.is_gone]


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait between asking and asking again."""

    async def at_once(_: float) -> None:
        await asyncio.sleep(0)

    assemble = Fleet.assemble

    def assemble_hurried(home: str, config: CloudConfig, ledger: Ledger, run: Run) -> Fleet:
        return assemble(home, config, ledger, run, sleep=at_once)

    monkeypatch.setattr("custom_components.gppde.ec2.instances.Fleet.assemble", assemble_hurried)


async def left_alone(hass: HomeAssistant) -> None:
    """Let everything that was begun come to its end."""
    await hass.async_block_till_done(wait_background_tasks=True)


async def press_on(hass: HomeAssistant, entry: MockConfigEntry, *minutes: int) -> None:
    """Let the round look at these minutes: unless told otherwise twice, a while apart."""
    reconciler = entry.runtime_data.instances._fleet.reconciler
    start = time.monotonic()
    for minute in minutes or (0, 2):
        for since in (reconciler._suspected, reconciler._running, reconciler._unknown):
            since._monotonic = lambda past=60 * minute: start + past
        await reconciler.look()


async def look(hass: HomeAssistant) -> None:
    """Let ten minutes pass."""
    async_fire_time_changed(hass, dt_util.utcnow() + INTERVAL)
    await left_alone(hass)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110  another thread's doing
            await asyncio.sleep(0.01)
