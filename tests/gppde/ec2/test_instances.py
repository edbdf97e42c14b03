"""Does a person know what may be running at AWS, and does it end, whatever became of the ledger?"""

import contextlib
import json
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.aws.attempt import Attempt
from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.ec2.instances import shared_ledger

from ..aws.attempts import make_launched
from ..aws.booting import EVER, Booting
from ..aws.faults import Cut, Refused
from ..aws.proxy import Proxy
from ..ec2_entries import make_ec2_entry
from ..ec2_refills import (
    addresses,
    alive,
    booting,
    entry,
    hasty,
    hurried,
    left_alone,
    look,
    press_on,
    until,
)
from ..helpers import PERSONA, RecordingPlayer, find_issue, press, put_on_disk, set_up, state_of

__all__ = ["addresses", "booting", "entry", "hasty", "hurried"]

pytestmark = pytest.mark.usefixtures("usual_calls")


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
