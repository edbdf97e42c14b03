"""Addresses of quips: short, unguessable, and not for ever."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.media_player import async_process_play_media_url
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custom_components.gppde.speaking.quip_url import LIFETIME, QuipUrls, hide_tokens

UUID = str(uuid4())
INTERNAL_URL = "http://homeassistant.local:8123"


@pytest.fixture
async def urls(hass: HomeAssistant) -> QuipUrls:
    await hass.config.async_update(internal_url=INTERNAL_URL)
    return QuipUrls(hass)


def name_and_token(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.path.rpartition("/")[2], parse_qs(parts.query)["t"][0]


async def test_an_address_leads_back_to_its_quip(urls: QuipUrls) -> None:
    assert urls.verify(*name_and_token(urls.url(UUID))) == UUID


async def test_an_address_is_short_enough_for_any_player(urls: QuipUrls) -> None:
    url = urls.url(UUID)
    assert url.startswith(f"{INTERNAL_URL}/api/gppde/{UUID}.mp3?t=")
    assert len(url) < 200


async def test_no_two_addresses_are_alike(urls: QuipUrls) -> None:
    assert len({urls.path(UUID) for _ in range(100)}) == 100


async def test_home_assistant_does_not_sign_it(hass: HomeAssistant, urls: QuipUrls) -> None:
    url = urls.url(UUID)
    assert async_process_play_media_url(hass, url) == url


async def test_an_address_lives_an_hour(urls: QuipUrls, freezer: FrozenDateTimeFactory) -> None:
    address = name_and_token(urls.path(UUID))
    freezer.tick(LIFETIME - 1)
    assert urls.verify(*address) == UUID
    freezer.tick(1)
    assert urls.verify(*address) is None


async def test_dead_addresses_take_no_memory(
    hass: HomeAssistant, urls: QuipUrls, freezer: FrozenDateTimeFactory
) -> None:
    for _ in range(10):
        urls.path(UUID)
    freezer.tick(LIFETIME)
    alive = name_and_token(urls.path(UUID))
    await hass.async_block_till_done()
    assert len(urls._addresses) == 1
    assert urls.verify(*alive) == UUID


async def test_an_address_of_another_start_is_worth_nothing(
    hass: HomeAssistant, urls: QuipUrls
) -> None:
    assert QuipUrls(hass).verify(*name_and_token(urls.path(UUID))) is None


async def test_a_token_opens_no_other_quip(urls: QuipUrls) -> None:
    _, token = name_and_token(urls.path(UUID))
    urls.path(other := str(uuid4()))
    assert urls.verify(f"{other}.mp3", token) is None
    assert urls.verify(f"../{UUID}.mp3", token) is None
    assert urls.verify(UUID, token) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(), token=st.text())
def test_nothing_made_up_is_let_in(urls: QuipUrls, name: str, token: str) -> None:
    assert urls.verify(name, token) is None
    assert urls.verify(f"{UUID}.mp3", token) is None
    assert urls.verify(".mp3", token) is None


async def test_a_quip_counts_as_fetched_until_its_next_address(urls: QuipUrls) -> None:
    urls.path(UUID)
    assert not urls.was_fetched(UUID)
    urls.note_fetched(UUID)
    assert urls.was_fetched(UUID)
    urls.path(UUID)
    assert not urls.was_fetched(UUID)


async def test_the_next_address_follows_the_configured_one(
    hass: HomeAssistant, urls: QuipUrls
) -> None:
    urls.url(UUID)
    await hass.async_block_till_done()
    await hass.config.async_update(internal_url="http://10.0.0.5:8123")
    await hass.async_block_till_done()
    assert urls.url(UUID).startswith("http://10.0.0.5:8123/api/gppde/")


async def test_without_an_address_of_home_assistant_there_is_none(
    hass: HomeAssistant, urls: QuipUrls
) -> None:
    urls.url(UUID)
    await hass.config.async_update(internal_url=None)
    await hass.async_block_till_done()
    with pytest.raises(NoURLAvailableError):
        urls.url(UUID)


async def test_a_players_error_shows_no_token(urls: QuipUrls) -> None:
    url = urls.url(UUID)
    _, token = name_and_token(url)
    shown = hide_tokens(f"Cannot load {url} ({url}&x=1)")
    assert token not in shown
    assert UUID in shown
