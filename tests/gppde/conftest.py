"""What every test of the integration stands on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gppde.const import DOMAIN

from .aws.account import aws, cloud, moto, proxy, usual_calls
from .helpers import RecordingPlayer, set_up_players
from .quipgen_double import Quipgen, quipgen_running
from .repairing import Person

__all__ = ["aws", "cloud", "moto", "proxy", "usual_calls"]


@pytest.fixture(autouse=True)
def custom_integrations(enable_custom_integrations: None) -> None:
    """Let Home Assistant load this integration."""


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Let the real client knock where no server is."""


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Give each test a configuration folder of its own, so that no stock leaks."""
    return str(tmp_path)


@pytest.fixture
async def player(hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch) -> RecordingPlayer:
    """Put one media player into the hall, `media_player.hall`, that needs no breath."""
    monkeypatch.setattr("custom_components.gppde.speaking.player.PAUSE", 0)
    assert await async_setup_component(hass, "homeassistant", {})
    player = RecordingPlayer("hall")
    await set_up_players(hass, player)
    return player


@pytest.fixture
async def person(hass: HomeAssistant, hass_client: ClientSessionGenerator) -> Person:
    """Let somebody look after repairs."""
    for component in ("config", "repairs", DOMAIN):  # the test client freezes the routes
        assert await async_setup_component(hass, component, {})
    return Person(hass, hass_client)


@pytest.fixture
async def quipgen() -> AsyncIterator[Quipgen]:
    """Run a quipgen server that makes its quips at once."""
    async with quipgen_running() as quipgen:
        yield quipgen
