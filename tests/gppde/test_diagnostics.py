"""Diagnostics help to find a fault, and give nothing away."""

import json
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from .aws.account import KEY, REGION, SECRET
from .aws.proxy import Proxy
from .clips import WAV, put_clip
from .ec2_entries import make_ec2_entry
from .helpers import (
    DOOR,
    PERSONA,
    PLAYER,
    SENSOR,
    TOKEN,
    RecordingPlayer,
    make_entry,
    persona,
    press,
    put_on_disk,
    set_up,
)


async def test_they_hold_the_state_of_all_parts_and_no_secret(
    hass: HomeAssistant, player: RecordingPlayer, hass_client: ClientSessionGenerator
) -> None:
    put_on_disk(hass, "Line.", *(f"Line {n}." for n in range(6)))
    put_on_disk(hass, "Old.", heap="stale")
    url = "http://me:secret-in-url@127.0.0.1:9/base"
    clip = put_clip(hass)
    entry = await set_up(hass, make_entry(hass, url=url, personas=[persona(clip=clip)]))
    with pytest.raises(HomeAssistantError):
        await press(hass, "refill", PERSONA)
    assert await async_setup_component(hass, "diagnostics", {})
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    assert told["entry"]["url"] == "http://**REDACTED**:9/base"
    assert told["personas"][PERSONA]["fresh"] == 7
    assert told["personas"][PERSONA]["stale"] == 1
    assert told["personas"][PERSONA]["has_clip"] is True
    assert told["doors"][DOOR]["sensor"] == SENSOR
    assert told["doors"][DOOR]["players"] == [PLAYER]
    assert told["doors"][DOOR]["talkative"] is True
    assert told["refill"]["state"] == "waiting"
    assert told["refill"]["last_error"]
    text = json.dumps(told)
    assert TOKEN not in text
    assert "secret-in-url" not in text
    assert "127.0.0.1" not in text
    assert clip not in text
    assert WAV.hex() not in text


async def test_those_of_ec2_hold_neither_keys_nor_the_address_of_the_home(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, hass_client: ClientSessionGenerator
) -> None:
    put_on_disk(hass, *(f"Line {n}." for n in range(9)))
    options = {"home_address": "203.0.113.5", "budget": 3.0}
    role = "arn:aws:iam::123456789012:role/gppde"
    entry = await set_up(hass, make_ec2_entry(hass, options=options, role=role))
    assert await async_setup_component(hass, "diagnostics", {})
    told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert told["entry"]["region"] == REGION
    assert told["options"]["budget"] == 3.0
    assert told["instances"] == {"is_known": True, "may_run": False, "spent": 0.0}
    text = json.dumps(told)
    assert not [secret for secret in (KEY, SECRET, role, "203.0.113.5") if secret in text]
