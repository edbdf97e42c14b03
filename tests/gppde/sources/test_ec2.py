"""Does a refill launch an instance, bring its quips home, and leave nothing behind?"""

import asyncio
import contextlib
import json
from datetime import timedelta

import pytest
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.sources import admittance, ec2

from ..aws.booting import Booting
from ..aws.faults import Lost, Refused
from ..aws.proxy import Proxy
from ..ec2_refills import (
    HOME_ADDRESS,
    OTHER_ADDRESS,
    addresses,
    alive,
    booting,
    entry,
    hasty,
    hurried,
    left_alone,
    until,
)
from ..helpers import PERSONA, find_issue, press, state_of

__all__ = ["addresses", "booting", "entry", "hasty", "hurried"]
pytestmark = pytest.mark.usefixtures("usual_calls")


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
