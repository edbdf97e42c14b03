"""What players do when they fetch a quip."""

import logging
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gppde.personas.persona import Persona, stocks_folder
from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.speaking.quip_url import LIFETIME, QUIP_URLS

from .helpers import PERSONA, find_issue, make_entry, make_mp3, put_on_disk, set_up

type Client = TestClient[Request, Application]

pytestmark = pytest.mark.usefixtures("player")


@pytest.fixture
def quips(hass: HomeAssistant) -> list[Quip]:
    return put_on_disk(hass, *(f"Line {number}." for number in range(12)))


@pytest.fixture
async def entry(hass: HomeAssistant, quips: list[Quip]) -> MockConfigEntry:
    return await set_up(hass, make_entry(hass))


@pytest.fixture
def persona(entry: MockConfigEntry) -> Persona:
    found: Persona = entry.runtime_data.personas[PERSONA]
    return found


@pytest.fixture
async def client(entry: MockConfigEntry, hass_client_no_auth: ClientSessionGenerator) -> Client:
    return await hass_client_no_auth()


@pytest.fixture
def quip(quips: list[Quip]) -> Quip:
    return quips[0]


@pytest.fixture
def path(hass: HomeAssistant, entry: MockConfigEntry, quip: Quip) -> str:
    return hass.data[QUIP_URLS].path(quip.uuid)


def file_of(hass: HomeAssistant, quip: Quip, heap: str) -> Path:
    return stocks_folder(hass) / PERSONA / heap / f"{quip.uuid}.mp3"


async def test_a_player_fetches_the_whole_quip_without_logging_in(
    client: Client, path: str
) -> None:
    response = await client.get(path)
    assert response.status == HTTPStatus.OK
    assert response.headers["Content-Type"] == "audio/mpeg"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert await response.read() == make_mp3()


async def test_a_quip_is_stale_on_disk_once_its_bytes_come(
    hass: HomeAssistant, client: Client, persona: Persona, quip: Quip, path: str
) -> None:
    async with client.get(path):
        assert file_of(hass, quip, "stale").exists()
        assert not file_of(hass, quip, "fresh").exists()
    assert not persona.stock.is_fresh(quip.uuid)
    assert hass.data[QUIP_URLS].was_fetched(quip.uuid)


async def test_asking_for_the_headers_leaves_a_quip_fresh(
    client: Client, persona: Persona, quip: Quip, path: str
) -> None:
    response = await client.head(path)
    assert response.status == HTTPStatus.OK
    assert response.headers["Content-Length"] == str(len(make_mp3()))
    assert response.headers["Content-Type"] == "audio/mpeg"
    assert await response.read() == b""
    assert persona.stock.is_fresh(quip.uuid)


async def test_a_player_fetches_in_ranges(client: Client, path: str) -> None:
    response = await client.get(path, headers={"Range": "bytes=100-199"})
    assert response.status == HTTPStatus.PARTIAL_CONTENT
    assert response.headers["Content-Range"] == f"bytes 100-199/{len(make_mp3())}"
    assert await response.read() == make_mp3()[100:200]


async def test_all_ranges_are_of_the_same_unchanged_thing(client: Client, path: str) -> None:
    etags = set()
    for start in (0, 500, 1000):
        response = await client.get(path, headers={"Range": f"bytes={start}-"})
        etags.add(response.headers["ETag"])
    assert len(etags) == 1


async def test_a_range_beyond_the_end_is_refused(client: Client, path: str) -> None:
    response = await client.get(path, headers={"Range": "bytes=9999999-"})
    assert response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE


async def test_an_address_outlives_the_move_to_stale(
    client: Client, persona: Persona, quip: Quip, path: str
) -> None:
    await persona.stock.mark_stale(quip.uuid)
    assert (await client.head(path)).status == HTTPStatus.OK
    response = await client.get(path)
    assert await response.read() == make_mp3()


async def test_probing_for_covers_is_no_failed_login(
    client: Client, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    for cover in ("cover.png", "cover.jpg", "cover.webp", "folder.jpg", "cover.png?t=x"):
        for method in ("GET", "HEAD"):
            response = await client.request(method, f"/api/gppde/{cover}")
            assert response.status == HTTPStatus.NOT_FOUND
    assert "login attempt" not in caplog.text.lower()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize("ending", ["x", "%00", "ä", ""])
async def test_a_token_that_was_tampered_with_opens_nothing(
    client: Client, persona: Persona, quip: Quip, path: str, ending: str
) -> None:
    tampered = path[:-1] + ending
    assert (await client.get(tampered)).status == HTTPStatus.NOT_FOUND
    assert persona.stock.is_fresh(quip.uuid)


async def test_without_a_token_nothing_opens(client: Client, path: str) -> None:
    assert (await client.get(path.partition("?")[0])).status == HTTPStatus.NOT_FOUND


async def test_an_expired_address_opens_nothing(
    client: Client, path: str, freezer: FrozenDateTimeFactory
) -> None:
    freezer.tick(LIFETIME + 1)
    assert (await client.get(path)).status == HTTPStatus.NOT_FOUND


async def test_another_quips_token_opens_nothing(
    client: Client, quips: list[Quip], path: str
) -> None:
    other = path.replace(quips[0].uuid, quips[1].uuid)
    assert (await client.get(other)).status == HTTPStatus.NOT_FOUND


async def test_an_address_of_what_no_stock_holds_opens_nothing(
    hass: HomeAssistant, client: Client
) -> None:
    path = hass.data[QUIP_URLS].path(str(uuid4()))
    assert (await client.get(path)).status == HTTPStatus.NOT_FOUND


async def test_nobody_climbs_out_of_the_folder(
    hass: HomeAssistant, client: Client, tmp_path: Path
) -> None:
    (tmp_path / "secret.mp3").write_bytes(b"secret")
    for name in ("..%2F..%2Fsecret", "../../secret", "%2e%2e%2fsecret"):
        response = await client.get(hass.data[QUIP_URLS].path(name))
        assert response.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
        assert b"secret" not in await response.read()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_quip_that_a_person_deleted_is_not_there(
    hass: HomeAssistant, client: Client, quip: Quip, path: str, method: str
) -> None:
    file_of(hass, quip, "fresh").unlink()
    assert (await client.request(method, path)).status == HTTPStatus.NOT_FOUND


async def test_a_folder_that_cannot_be_written_is_told_and_the_quip_heard(
    hass: HomeAssistant, client: Client, quip: Quip, path: str
) -> None:
    stale = file_of(hass, quip, "stale").parent
    for file in stale.iterdir():
        file.unlink()
    stale.rmdir()
    stale.write_bytes(b"a file in the folder's way")
    response = await client.get(path)
    assert await response.read() == make_mp3()
    assert find_issue(hass, f"stock_unwritable_{PERSONA}")


async def test_an_integration_that_is_unloaded_serves_nothing(
    hass: HomeAssistant, client: Client, entry: MockConfigEntry, path: str
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    assert (await client.get(path)).status == HTTPStatus.NOT_FOUND


async def test_an_address_outlives_a_reload(
    hass: HomeAssistant, client: Client, entry: MockConfigEntry, path: str
) -> None:
    await hass.config_entries.async_reload(entry.entry_id)
    assert (await client.get(path)).status == HTTPStatus.OK
