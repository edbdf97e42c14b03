"""System information, as the page under *Settings* asks for it."""

import asyncio
import json
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.gppde.const import DOMAIN

from .aws.account import KEY, SECRET
from .aws.proxy import Proxy
from .ec2_entries import make_ec2_entry
from .helpers import TOKEN, RecordingPlayer, make_entry, put_on_disk, set_up
from .quipgen_double import Quipgen
from .test_translations import TEXTS

LINES = [f"Line {n}." for n in range(9)]


async def told(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> dict[str, Any]:
    """Return what the page shows of us once all was found out."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "system_health/info"})
    shown: dict[str, Any] = {}
    async with asyncio.timeout(10):
        while True:
            message = await client.receive_json()
            event = message.get("event", {})
            if event.get("type") == "finish":
                return shown
            if event.get("type") == "initial":
                shown = event["data"][DOMAIN]["info"]
            if event.get("type") == "update" and event["domain"] == DOMAIN:
                shown[event["key"]] = event["data"] if event["success"] else event["error"]["msg"]


@pytest.fixture(autouse=True)
async def stock(hass: HomeAssistant, player: RecordingPlayer) -> None:
    """Put some lines on disk."""
    put_on_disk(hass, *LINES)
    put_on_disk(hass, "Old.", heap="stale")


async def test_a_server_that_answers_is_told_with_its_version(
    hass: HomeAssistant, quipgen: Quipgen, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass, url=quipgen.url))
    assert await told(hass, hass_ws_client) == {
        "doors": 1,
        "personas": 1,
        "fresh": 9,
        "stale": 1,
        "refill": "idle",
        "source": "server",
        "server": "ok (0.1.0, idle)",
    }
    assert quipgen.tokens == []


async def test_a_server_that_does_not_answer_is_told_and_no_secret_is(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_entry(hass))
    info = await told(hass, hass_ws_client)
    assert info["server"]["type"] == "failed"
    assert info["server"]["error"] == "No quipgen server answers: nothing listens there."
    assert TOKEN not in json.dumps(info)


async def test_quips_from_ec2_are_told_by_region_and_cost(
    hass: HomeAssistant, aws: Proxy, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up(hass, make_ec2_entry(hass))
    info = await told(hass, hass_ws_client)
    assert info["source"] == "ec2"
    assert info["region"] == "us-east-1"
    assert info["instance"] is False
    assert info["spent"] == 0
    assert {*info, "server"} == set(TEXTS["system_health"]["info"])
    assert not {KEY, SECRET} & set(map(str, info.values()))


async def test_nothing_is_told_of_an_entry_that_is_not_loaded(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator
) -> None:
    entry = await set_up(hass, make_entry(hass))
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await told(hass, hass_ws_client) == {}
