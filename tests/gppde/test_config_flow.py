"""A person adds the integration, changes the server, renews the token."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gppde.const import DOMAIN

from .certificates import self_signed
from .flows.forms import prefilled, read, start, submit
from .flows.servers import Answer, answering, hanging, quipgen, running
from .helpers import DEAD_URL, PLAYER, SENSOR, TOKEN, RecordingPlayer, make_entry
from .quipgen_double import Quipgen, quipgen_running

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_a_server_that_answers_becomes_the_entry_with_a_first_persona(
    hass: HomeAssistant, quipgen: Quipgen
) -> None:
    form = await start(hass)
    assert prefilled(form) == {"url": "https://localhost:8765"}

    result = await submit(hass, form, {"url": quipgen.url, "token": TOKEN})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == "Quipgen"
    assert entry.data == {"source": "server", "url": quipgen.url.rstrip("/"), "token": TOKEN}
    assert entry.state is ConfigEntryState.LOADED
    [persona] = entry.runtime_data.personas.values()
    assert persona.brief.name == "Squeak"
    assert persona.brief.tone == "sunny"
    assert (persona.target, persona.low_water, persona.when_empty) == (10, 5, "repeat")


async def test_the_frontend_is_led_from_the_server_to_the_first_door(
    hass: HomeAssistant,
    quipgen: Quipgen,
    player: RecordingPlayer,
    hass_client: ClientSessionGenerator,
) -> None:
    for component in ("config", DOMAIN):  # the test client freezes the routes
        assert await async_setup_component(hass, component, {})
    hass.states.async_set(SENSOR, "off", {"friendly_name": "Front door"})
    browser = await hass_client()

    async def post(path: str, body: dict[str, Any]) -> Any:
        answer = await browser.post(f"/api/config/config_entries/{path}", json=body)
        assert answer.status == 200, await answer.text()
        return await answer.json()

    menu = await post("flow", {"handler": DOMAIN, "show_advanced_options": False})
    form = await post(f"flow/{menu['flow_id']}", {"next_step_id": "server"})
    server = {"url": quipgen.url, "token": TOKEN}
    added = await post(f"flow/{form['flow_id']}", server)
    kind, flow_id = added["next_flow"]
    assert kind == FlowType.CONFIG_SUBENTRIES_FLOW
    shown = await (
        await browser.get(f"/api/config/config_entries/subentries/flow/{flow_id}")
    ).json()
    [*_, persona, manners, hear] = shown["data_schema"]
    assert hear["default"] is True
    manners = {it["name"]: it["default"] for it in manners["schema"] if "default" in it}
    door = {"sensor": SENSOR, "players": [PLAYER], "persona": persona["default"], "hear": False}
    door_added = await post(f"subentries/flow/{flow_id}", door | {"manners": manners})
    assert door_added["type"] == FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()

    hass.states.async_set(SENSOR, "on")
    await hass.async_block_till_done()
    assert len(player.played) == 1


@pytest.mark.parametrize(
    ("answer", "errors"),
    [
        pytest.param(answering(500, "Oops"), {"base": "cannot_connect"}, id="faulty"),
        pytest.param(answering(200, "<h1>It works!</h1>"), {"base": "not_quipgen"}, id="website"),
        pytest.param(answering(404, "Not found"), {"base": "not_quipgen"}, id="other website"),
        pytest.param(answering(200, '{"status": "ok"}'), {"base": "not_quipgen"}, id="other API"),
        pytest.param(answering(200, "[" * 70_000), {"base": "not_quipgen"}, id="too much"),
        pytest.param(
            answering(302, "", Location="/login"), {"base": "not_quipgen"}, id="redirecting"
        ),
        pytest.param(quipgen(["garbage"]), {"base": "not_quipgen"}, id="lying"),
        pytest.param(
            quipgen({}, health={"status": "ok", "version": "1.2.3", "stage": "idle"}),
            {"base": "incompatible_version"},
            id="from the future",
        ),
    ],
)
async def test_a_server_that_will_not_do_is_refused_and_the_next_one_taken(
    hass: HomeAssistant,
    quipgen: Quipgen,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
    errors: dict[str, str],
) -> None:
    form = await start(hass)
    async with running(answer) as url:
        form = await submit(hass, form, {"url": url, "token": TOKEN})
    assert form["errors"] == errors
    assert prefilled(form) == {"url": url.rstrip("/"), "token": TOKEN}
    assert TOKEN not in caplog.text

    result = await submit(hass, form, {"url": quipgen.url, "token": TOKEN})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_an_incompatible_server_is_named_with_both_versions(hass: HomeAssistant) -> None:
    old = quipgen({}, health={"status": "ok", "version": "7.8.9", "stage": "idle"})
    async with running(old) as url:
        form = await submit(hass, await start(hass), {"url": url, "token": TOKEN})
    assert form["description_placeholders"] == {"version": "7.8.9", "compatible": "0.x"}


async def test_nobody_at_the_address_is_told(hass: HomeAssistant, quipgen: Quipgen) -> None:
    form = await submit(hass, await start(hass), {"url": DEAD_URL, "token": TOKEN})
    assert form["errors"] == {"base": "cannot_connect"}
    result = await submit(hass, form, {"url": quipgen.url, "token": TOKEN})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_server_that_hangs_is_not_waited_for_long(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custom_components.gppde.flows.connection.PATIENCE", 0.1)
    async with hanging() as url:
        form = await submit(hass, await start(hass), {"url": url, "token": TOKEN})
    assert form["errors"] == {"base": "cannot_connect"}


@pytest.mark.parametrize("wrong", ["wrong", "", "two\nlines", "clé à molette", "\u2013\u2013"])
async def test_a_wrong_token_is_told_at_the_token(
    hass: HomeAssistant, quipgen: Quipgen, wrong: str
) -> None:
    form = await submit(hass, await start(hass), {"url": quipgen.url, "token": wrong})
    assert form["errors"] == {"token": "invalid_auth"}
    result = await submit(hass, form, {"url": f" {quipgen.url}", "token": f" {TOKEN}\n"})
    assert result["result"].data["token"] == TOKEN


async def test_an_address_that_is_none_is_told_at_the_address(
    hass: HomeAssistant, quipgen: Quipgen
) -> None:
    form = await submit(hass, await start(hass), {"url": "localhost:8765", "token": TOKEN})
    assert form["errors"] == {"url": "invalid_url"}
    assert prefilled(form) == {"url": "localhost:8765", "token": TOKEN}
    result = await submit(hass, form, {"url": quipgen.url, "token": TOKEN})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_one_household_has_one_source(hass: HomeAssistant) -> None:
    make_entry(hass)
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "single_instance_allowed"


async def test_a_new_token_is_asked_for_and_tried(hass: HomeAssistant, quipgen: Quipgen) -> None:
    entry = make_entry(hass, url=quipgen.url)
    hass.config_entries.async_update_entry(entry, data=entry.data | {"token": "outdated"})
    form = read(await entry.start_reauth_flow(hass))
    assert form["step_id"] == "reauth_confirm"
    assert prefilled(form) == {}

    form = await submit(hass, form, {"token": "wrong"})
    assert form["errors"] == {"token": "invalid_auth"}
    result = await submit(hass, form, {"token": TOKEN})

    assert result["reason"] == "reauth_successful"
    assert entry.data == {"source": "server", "url": quipgen.url, "token": TOKEN}


async def test_a_new_token_cannot_be_tried_while_the_server_is_down(hass: HomeAssistant) -> None:
    entry = make_entry(hass)
    form = await submit(hass, await entry.start_reauth_flow(hass), {"token": "new"})
    assert form["errors"] == {"base": "cannot_connect"}
    assert entry.data["token"] == TOKEN


async def test_the_server_can_be_changed_and_the_doors_stay(
    hass: HomeAssistant, quipgen: Quipgen
) -> None:
    entry = make_entry(hass)
    subentries = dict(entry.subentries)
    form = read(await entry.start_reconfigure_flow(hass))
    assert prefilled(form) == {"url": DEAD_URL, "token": TOKEN}

    form = await submit(hass, form, prefilled(form))
    assert form["errors"] == {"base": "cannot_connect"}
    result = await submit(hass, form, prefilled(form) | {"url": quipgen.url})

    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {"source": "server", "url": quipgen.url.rstrip("/"), "token": TOKEN}
    assert entry.subentries == subentries


@pytest.fixture
async def quiet_loop() -> None:
    """Servers tell the loop of everyone who hangs up on their certificate."""
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)


async def test_a_certificate_nobody_vouches_for_is_confirmed_before_the_token_is_sent(
    hass: HomeAssistant, tmp_path: Path, quiet_loop: None
) -> None:
    context, fingerprint = self_signed(tmp_path)
    async with quipgen_running(context) as quipgen:
        form = await submit(hass, await start(hass), {"url": quipgen.url, "token": TOKEN})
        assert form["step_id"] == "certificate"
        shown = form["description_placeholders"]["fingerprint"]
        assert shown.replace(":", "").lower() == fingerprint
        assert quipgen.tokens == []

        result = await submit(hass, form, {})

        assert result["type"] is FlowResultType.CREATE_ENTRY
        assert result["result"].data["fingerprint"] == fingerprint
        assert set(quipgen.tokens) == {f"Bearer {TOKEN}"}


async def test_a_wrong_token_is_told_after_the_certificate_too(
    hass: HomeAssistant, tmp_path: Path, quiet_loop: None
) -> None:
    async with quipgen_running(self_signed(tmp_path)[0]) as quipgen:
        form = await submit(hass, await start(hass), {"url": quipgen.url, "token": "wrong"})
        form = await submit(hass, form, {})
        assert (form["step_id"], form["errors"]) == ("server", {"token": "invalid_auth"})
        form = await submit(hass, form, {"url": quipgen.url, "token": TOKEN})
        result = await submit(hass, form, {})
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_confirmed_certificate_is_not_asked_about_again(
    hass: HomeAssistant, tmp_path: Path, quiet_loop: None
) -> None:
    context, fingerprint = self_signed(tmp_path)
    async with quipgen_running(context) as quipgen:
        entry = make_entry(hass, url=quipgen.url.rstrip("/"))
        data = entry.data | {"fingerprint": fingerprint, "token": "outdated"}
        hass.config_entries.async_update_entry(entry, data=data)
        form = read(await entry.start_reconfigure_flow(hass))
        result = await submit(hass, form, prefilled(form) | {"token": TOKEN})
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == data | {"token": TOKEN}


async def test_another_certificate_must_be_confirmed_anew_before_the_token_is_sent(
    hass: HomeAssistant, tmp_path: Path, quiet_loop: None
) -> None:
    context, fingerprint = self_signed(tmp_path)
    async with quipgen_running(context) as quipgen:
        entry = make_entry(hass, url=quipgen.url)
        old = entry.data | {"fingerprint": "ab" * 32}
        hass.config_entries.async_update_entry(entry, data=old)
        form = await submit(hass, await entry.start_reauth_flow(hass), {"token": TOKEN})
        assert form["step_id"] == "certificate"
        assert quipgen.tokens == []
        assert entry.data == old
        result = await submit(hass, form, {})
    assert result["reason"] == "reauth_successful"
    assert entry.data["fingerprint"] == fingerprint


async def test_a_server_that_is_gone_when_its_certificate_is_looked_at_is_told(
    hass: HomeAssistant, tmp_path: Path, quiet_loop: None
) -> None:
    async with quipgen_running(self_signed(tmp_path)[0]) as quipgen:
        form = await submit(hass, await start(hass), {"url": quipgen.url, "token": TOKEN})
    form = await submit(hass, form, {})
    assert (form["step_id"], form["errors"]) == ("server", {"base": "cannot_connect"})
