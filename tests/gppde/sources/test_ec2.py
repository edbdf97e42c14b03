"""Does a refill launch an instance, bring its quips home, and leave nothing behind?"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry, async_fire_time_changed

from custom_components.gppde.aws.attempt import Attempt
from custom_components.gppde.aws.cloud import Cloud, CloudConfig
from custom_components.gppde.aws.fleet import Fleet
from custom_components.gppde.aws.ledger import Ledger
from custom_components.gppde.aws.run import Run
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.ec2.instances import INTERVAL, shared_ledger
from custom_components.gppde.sources import admittance, ec2, following

from ..aws.attempts import make_launched
from ..aws.booting import EVER, Booting
from ..aws.faults import Cut, Forgotten, Lost, Refused
from ..aws.proxy import Proxy
from ..ec2_entries import make_ec2_entry
from ..helpers import (
    PERSONA,
    RecordingPlayer,
    find_issue,
    press,
    put_on_disk,
    set_up,
    state_of,
)

pytestmark = pytest.mark.usefixtures("usual_calls")

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


async def test_a_refill_brings_the_quips_home_and_leaves_no_instance(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy, cloud: Cloud
) -> None:
    await press(hass, "refill", PERSONA)
    await left_alone(hass)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert aws.calls.count("RunInstances") == 1
    assert await alive(cloud, entry) == []
    assert state_of(hass, "binary_sensor", "instance", entry.entry_id).state == "off"
    assert float(state_of(hass, "sensor", "spent", entry.entry_id).state) > 0


async def test_the_instance_is_told_the_order_and_a_secret_of_its_own(
    hass: HomeAssistant, entry: MockConfigEntry, booting: Booting
) -> None:
    await hass.services.async_call(DOMAIN, "refill", {"count": 3}, blocking=True)
    await hass.services.async_call(DOMAIN, "refill", {"count": 2}, blocking=True)
    first, second = booting.launched
    order = json.loads(first["/etc/quipgen/order"])
    assert order["count"] == 3
    assert order["persona"]["name"] == "Hinge"
    assert "Line 0." in order["avoid"]
    for secret in ("/etc/quipgen/token", "/etc/quipgen/certificate"):
        assert first[secret] != second[secret]


async def test_only_this_home_is_let_in(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy
) -> None:
    await press(hass, "refill", PERSONA)
    [rule] = [call for call in aws.requests if call.action == "AuthorizeSecurityGroupIngress"]
    assert rule.parameters["IpPermissions.1.IpRanges.1.CidrIp"] == f"{HOME_ADDRESS}/32"


async def test_a_home_whose_address_changes_meanwhile_is_let_in_anew(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    aws: Proxy,
    booting: Booting,
    addresses: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(admittance, "RENEWAL", 0)
    booting.seen_as = OTHER_ADDRESS
    addresses.append(OTHER_ADDRESS)
    await press(hass, "refill", PERSONA)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    let_in = [
        call.parameters["IpPermissions.1.IpRanges.1.CidrIp"]
        for call in aws.requests
        if call.action == "AuthorizeSecurityGroupIngress"
    ]
    assert let_in == [f"{HOME_ADDRESS}/32", f"{OTHER_ADDRESS}/32"]
    assert aws.calls.count("RevokeSecurityGroupIngress") == 1


async def test_where_there_is_no_spot_capacity_the_next_rung_is_tried(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy, cloud: Cloud
) -> None:
    aws.faults.insert(0, Refused(action="RunInstances", code="InsufficientInstanceCapacity"))
    await press(hass, "refill", PERSONA)
    await left_alone(hass)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert await alive(cloud, entry) == []


async def test_a_launch_whose_answer_is_lost_makes_one_instance_which_ends(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy, cloud: Cloud
) -> None:
    aws.faults.insert(0, Lost(action="RunInstances"))
    with contextlib.suppress(HomeAssistantError):  # nothing booted, in this test's harness
        await press(hass, "refill", PERSONA)
    await left_alone(hass)
    assert len(await asyncio.to_thread(cloud.instances, entry.entry_id)) == 1
    assert await alive(cloud, entry) == []


async def test_a_server_that_never_comes_up_ends_with_its_instance(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    booting: Booting,
    cloud: Cloud,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    booting.dead = True
    monkeypatch.setattr(ec2, "LONGEST_BOOT", timedelta(seconds=0.5))
    with pytest.raises(HomeAssistantError, match="its server did not answer in time"):
        await press(hass, "refill", PERSONA)
    await left_alone(hass)
    assert len(booting.launched) == 1
    assert await alive(cloud, entry) == []


async def test_stopping_a_refill_ends_its_instance_and_starts_no_other(
    hass: HomeAssistant, entry: MockConfigEntry, booting: Booting, aws: Proxy, cloud: Cloud
) -> None:
    booting.dead = True
    refill = hass.async_create_task(press(hass, "refill", PERSONA))
    await until(lambda: bool(booting.launched))
    await press(hass, "stop_refill", entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await refill
    await left_alone(hass)
    assert await alive(cloud, entry) == []
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "stopped"
    assert aws.calls.count("RunInstances") == 1


@pytest.mark.parametrize("leaving", ["async_unload", "async_remove"])
async def test_whoever_leaves_in_the_middle_leaves_no_instance(
    hass: HomeAssistant, entry: MockConfigEntry, booting: Booting, cloud: Cloud, leaving: str
) -> None:
    booting.dead = True
    refill = hass.async_create_task(press(hass, "refill", PERSONA))
    await until(lambda: bool(booting.launched))
    await getattr(hass.config_entries, leaving)(entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await refill
    await left_alone(hass)
    assert await alive(cloud, entry) == []


async def test_nothing_is_launched_once_the_months_budget_is_spent(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy
) -> None:
    await press(hass, "refill", PERSONA)
    hass.config_entries.async_update_entry(entry, options={"budget": 0.001})
    await left_alone(hass)
    with pytest.raises(HomeAssistantError, match="are spent"):
        await hass.services.async_call(DOMAIN, "refill", {"count": 1}, blocking=True)
    assert aws.calls.count("RunInstances") == 1
    assert find_issue(hass, "budget_spent")


async def test_keys_that_are_refused_are_asked_for_again(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy
) -> None:
    aws.faults.insert(0, Refused(times=100, code="AuthFailure", status=401))
    with pytest.raises(HomeAssistantError):
        await press(hass, "refill", PERSONA)
    await left_alone(hass)
    assert any(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))


async def test_an_instance_that_aws_does_not_end_is_told_until_it_does(
    hass: HomeAssistant, entry: MockConfigEntry, aws: Proxy, cloud: Cloud
) -> None:
    refusing = Refused(action="TerminateInstances", times=10**6, code="InternalError", status=500)
    aws.faults.insert(0, refusing)
    await press(hass, "refill", PERSONA)
    await look(hass)
    assert find_issue(hass, "instance_unconfirmed")
    assert state_of(hass, "binary_sensor", "instance", entry.entry_id).state == "on"
    aws.faults.remove(refusing)
    await look(hass)
    assert await alive(cloud, entry) == []
    assert not find_issue(hass, "instance_unconfirmed")
    assert state_of(hass, "binary_sensor", "instance", entry.entry_id).state == "off"


async def test_a_broken_ledger_keeps_all_from_being_launched_until_aws_was_asked(
    hass: HomeAssistant, player: RecordingPlayer, booting: Booting, aws: Proxy
) -> None:
    ledger = Path(hass.config.path(".storage", "gppde.aws"))
    ledger.parent.mkdir(exist_ok=True)
    await hass.async_add_executor_job(ledger.write_text, "{ half of it")
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    aws.faults.insert(0, Cut(action="DescribeInstances", times=4))
    entry = await set_up(hass, make_ec2_entry(hass))
    await left_alone(hass)
    with pytest.raises(HomeAssistantError, match="could not be read"):
        await press(hass, "refill", PERSONA)
    assert "RunInstances" not in aws.calls
    aws.faults = [booting]
    await look(hass)
    await press(hass, "refill", PERSONA)
    assert aws.calls.count("RunInstances") == 1
    await hass.config_entries.async_unload(entry.entry_id)
    await left_alone(hass)


async def test_an_instance_that_the_ledger_forgot_is_ended_before_another_is_launched(
    hass: HomeAssistant, entry: MockConfigEntry, booting: Booting, aws: Proxy, cloud: Cloud
) -> None:
    booting.dead = True
    refill = hass.async_create_task(press(hass, "refill", PERSONA))
    await until(lambda: bool(booting.launched))
    ledger = shared_ledger(hass)
    ledger._content.attempts.clear()
    await press(hass, "stop_refill", entry.entry_id)
    with pytest.raises(HomeAssistantError):
        await refill
    assert len(await alive(cloud, entry)) == 1
    with pytest.raises(HomeAssistantError, match="still runs"):
        await press(hass, "refill", PERSONA)
    assert aws.calls.count("RunInstances") == 1
    await press_on(hass, entry)
    assert await alive(cloud, entry) == []


def put_ledger(hass: HomeAssistant, *attempts: Attempt) -> None:
    """Write what a backup from long ago would bring back."""
    content = {"format": 1, "attempts": [one.as_json() for one in attempts], "bills": []}
    path = Path(hass.config.path(".storage", "gppde.aws"))
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content))


@pytest.mark.parametrize("persona", ["Hinge", "Somebody else"])
async def test_a_restored_ledger_whose_instance_is_long_gone_keeps_nobody_from_refilling(
    hass: HomeAssistant, player: RecordingPlayer, booting: Booting, cloud: Cloud, persona: str
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    entry = make_ec2_entry(hass)
    last_week = dt_util.utcnow() - timedelta(days=7)
    put_ledger(
        hass,
        make_launched(
            home=entry.entry_id,
            persona=persona,
            instance="i-0123456789abcdef0",
            launched=last_week,
            expires=last_week + timedelta(minutes=20),
        ),
    )
    await set_up(hass, entry)
    with contextlib.suppress(HomeAssistantError):  # nobody can resume what is gone
        await press(hass, "refill", PERSONA)
    await press(hass, "refill", PERSONA)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert not find_issue(hass, "instance_unconfirmed")

    await press_on(hass, entry, 0, 2, 40)
    assert shared_ledger(hass).attempts == []
    assert await alive(cloud, entry) == []
    await hass.config_entries.async_unload(entry.entry_id)
    await left_alone(hass)


async def test_an_entry_that_is_removed_while_aws_is_silent_goes_and_says_what_it_leaves(
    hass: HomeAssistant,
    player: RecordingPlayer,
    booting: Booting,
    aws: Proxy,
    caplog: pytest.LogCaptureFixture,
) -> None:
    entry = make_ec2_entry(hass)
    put_ledger(hass, make_launched(home=entry.entry_id, launched=dt_util.utcnow()))
    await set_up(hass, entry)
    aws.faults.insert(0, Cut(times=EVER))
    await hass.config_entries.async_remove(entry.entry_id)
    await left_alone(hass)
    assert "Nobody knows what runs at AWS" in caplog.text
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_a_server_that_falls_silent_in_the_middle_is_asked_again(
    hass: HomeAssistant, entry: MockConfigEntry, booting: Booting, aws: Proxy
) -> None:
    refill = hass.async_create_task(press(hass, "refill", PERSONA))
    await until(lambda: booting.quipgen is not None)
    quipgen = booting.quipgen
    assert quipgen
    silence = iter([False] * 3)
    quipgen.hears = lambda: not quipgen.tokens or next(silence, True)
    await refill
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert aws.calls.count("RunInstances") == 1
    assert next(silence, None) is None


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
