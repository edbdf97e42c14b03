"""What all our entities have in common, as Home Assistant's registries and states show it."""

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from homeassistant.const import STATE_UNAVAILABLE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import async_get_platforms
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde import PLATFORMS
from custom_components.gppde.const import DOMAIN

from .aws.booting import EVER
from .aws.faults import Cut
from .aws.proxy import Proxy
from .ec2_entries import make_ec2_entry
from .helpers import RecordingPlayer, put_on_disk, set_up, state_of

DEVICE_CLASSES = {"instance": "running", "refill": "enum", "spent": "monetary"}
DIAGNOSTIC = {"refill", "refill_progress"}


@pytest.fixture
async def entry(hass: HomeAssistant, player: RecordingPlayer, aws: Proxy) -> MockConfigEntry:
    """Set up what has every entity there is."""
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    return await set_up(hass, make_ec2_entry(hass))


def break_ledger(hass: HomeAssistant) -> None:
    ledger = Path(hass.config.path(".storage", "gppde.aws"))
    ledger.parent.mkdir(exist_ok=True)
    ledger.write_text("no ledger")


def entities(hass: HomeAssistant, entry: MockConfigEntry) -> list[er.RegistryEntry]:
    return er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)


async def test_each_has_a_name_by_key_an_id_of_its_own_and_a_device(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    ours = entities(hass, entry)
    assert ours
    assert max(Counter((each.domain, each.unique_id) for each in ours).values()) == 1
    for each in ours:
        assert each.has_entity_name
        assert each.translation_key
        assert each.original_name
        assert each.device_id
        assert each.disabled_by is None
        assert each.config_subentry_id in {None, *entry.subentries}


async def test_each_has_the_category_and_the_class_of_what_it_tells(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    for each in entities(hass, entry):
        is_diagnostic = each.entity_category is EntityCategory.DIAGNOSTIC
        assert is_diagnostic == (each.domain == "sensor" and each.translation_key in DIAGNOSTIC)
        if each.domain in ("sensor", "binary_sensor"):
            assert each.original_device_class == DEVICE_CLASSES.get(str(each.translation_key))


async def test_none_is_polled(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    shown = [each for one in async_get_platforms(hass, DOMAIN) for each in one.entities.values()]
    assert len(shown) == len(entities(hass, entry))
    assert not any(each.should_poll for each in shown)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_says_how_many_may_act_at_once(platform: str) -> None:
    assert import_module(f"custom_components.gppde.{platform}").PARALLEL_UPDATES == 0


async def test_devices_are_those_of_the_household_and_the_source(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert {device.model for device in devices} == {"Door", "Persona", "Source"}
    assert all(device.manufacturer == "GPPDE" and device.name for device in devices)


async def test_what_nobody_knows_of_an_instance_is_not_available(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    break_ledger(hass)
    aws.faults.append(Cut(action="DescribeInstances", times=EVER))
    entry = await set_up(hass, make_ec2_entry(hass))
    for platform, key in ("binary_sensor", "instance"), ("sensor", "spent"):
        assert state_of(hass, platform, key, entry.entry_id).state == STATE_UNAVAILABLE
    assert state_of(hass, "sensor", "refill", entry.entry_id).state != STATE_UNAVAILABLE
