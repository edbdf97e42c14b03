"""The quips in the Media panel, over the WebSocket it uses."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.gppde import media_source

from .helpers import (
    PERSONA,
    RecordingPlayer,
    make_entry,
    make_mp3,
    persona,
    put_on_disk,
    set_up,
    state_of,
)

ROOT = "media-source://gppde"


class Panel:
    """The Media panel of a person's browser."""

    def __init__(self, hass: HomeAssistant, open_socket: WebSocketGenerator) -> None:
        self._hass = hass
        self._open_socket = open_socket

    async def ask(self, command: str, media_content_id: str) -> Any:
        socket = await self._open_socket(self._hass)
        await socket.send_json_auto_id(
            {"type": f"media_source/{command}", "media_content_id": media_content_id}
        )
        return await socket.receive_json()

    async def browse(self, media_content_id: str) -> Any:
        answer = await self.ask("browse_media", media_content_id)
        assert answer["success"], answer
        return answer["result"]

    async def titles(self, media_content_id: str) -> list[str]:
        return [child["title"] for child in (await self.browse(media_content_id))["children"]]


@pytest.fixture
def panel(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, player: RecordingPlayer
) -> Panel:
    return Panel(hass, hass_ws_client)


async def test_a_person_browses_from_the_personas_down_to_the_lines(
    hass: HomeAssistant, panel: Panel
) -> None:
    put_on_disk(hass, "Hello.", "Goodbye.")
    put_on_disk(hass, "Once said.", heap="stale")
    personas = [persona(), persona("persona-2", "Latch")]
    await set_up(hass, make_entry(hass, personas=personas))

    assert "Quips" in await panel.titles("")
    assert await panel.titles(ROOT) == ["Hinge", "Latch"]
    assert await panel.titles(f"{ROOT}/{PERSONA}") == [
        "Waiting to be said (2)",
        "Already said (1)",
    ]
    assert sorted(await panel.titles(f"{ROOT}/{PERSONA}/fresh")) == ["Goodbye.", "Hello."]
    [line] = (await panel.browse(f"{ROOT}/{PERSONA}/stale"))["children"]
    assert line["title"] == "Once said."
    assert line["can_play"]
    assert not line["can_expand"]
    assert line["media_content_type"] == "audio/mpeg"
    assert line["media_class"] == "music"


async def test_the_heaps_are_named_in_the_homes_language(hass: HomeAssistant, panel: Panel) -> None:
    hass.config.language = "de"
    put_on_disk(hass, "Hallo.")
    await set_up(hass, make_entry(hass))
    heaps = await panel.titles(f"{ROOT}/{PERSONA}")
    assert heaps == ["Noch zu sagen (1)", "Schon gesagt (0)"]


async def test_a_line_is_played_from_the_address_it_resolves_to(
    hass: HomeAssistant, panel: Panel, hass_client_no_auth: ClientSessionGenerator
) -> None:
    [quip] = put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass))
    media = (await panel.ask("resolve_media", f"{ROOT}/{PERSONA}/{quip.uuid}"))["result"]
    assert media["mime_type"] == "audio/mpeg"
    answer = await (await hass_client_no_auth()).get(media["url"])
    assert answer.status == 200
    assert await answer.read() == make_mp3()
    await hass.async_block_till_done()
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "0"


@pytest.mark.parametrize("path", ["gone/any", f"{PERSONA}/no-such-uuid", PERSONA, "gone"])
async def test_what_is_not_there_cannot_be_played(
    hass: HomeAssistant, panel: Panel, path: str
) -> None:
    put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass))
    answer = await panel.ask("resolve_media", f"{ROOT}/{path}")
    assert not answer["success"]
    assert answer["error"]["message"].startswith("There is no such persona or quip any more.")


@pytest.mark.parametrize("path", ["gone", "gone/fresh", f"{PERSONA}/elsewhere"])
async def test_what_is_not_there_cannot_be_browsed(
    hass: HomeAssistant, panel: Panel, path: str
) -> None:
    put_on_disk(hass, "Hello.")
    await set_up(hass, make_entry(hass))
    answer = await panel.ask("browse_media", f"{ROOT}/{path}")
    assert not answer["success"]
    assert answer["error"]["message"].startswith("There is no such persona or quip any more.")


async def test_an_entry_that_is_not_loaded_is_told(hass: HomeAssistant, panel: Panel) -> None:
    [quip] = put_on_disk(hass, "Hello.")
    entry = await set_up(hass, make_entry(hass))
    await hass.config_entries.async_unload(entry.entry_id)
    answer = await panel.ask("browse_media", ROOT)
    assert answer["error"]["message"].startswith("GPPDE is not running.")
    answer = await panel.ask("resolve_media", f"{ROOT}/{PERSONA}/{quip.uuid}")
    assert not answer["success"]


async def test_a_heap_too_high_is_shown_in_part(
    hass: HomeAssistant, panel: Panel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_source, "SHOWN_AT_MOST", 2)
    put_on_disk(hass, "A.", "B.", "C.")
    await set_up(hass, make_entry(hass))
    heap = await panel.browse(f"{ROOT}/{PERSONA}/fresh")
    assert len(heap["children"]) == 2
    assert heap["not_shown"] == 1
