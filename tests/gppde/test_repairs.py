"""A person opens the repair of refills that fail, reads what is wrong, and lets them go on."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import (
    WebSocketGenerator,
)

from .assistants import Speaker, Writer, make_assist_entry, move_in
from .aws.faults import Refused
from .aws.lacking import ON_DEMAND_QUOTA, SPOT_QUOTA
from .aws.proxy import Proxy
from .ec2_entries import make_ec2_entry
from .helpers import (
    PERSONA,
    RecordingPlayer,
    find_issue,
    make_entry,
    put_on_disk,
    set_up,
    state_of,
)
from .quipgen_double import Quipgen
from .repairing import Person

ADDRESSES = (
    "custom_components.gppde.ec2.preflight_report.home_address",
    "custom_components.gppde.sources.building.home_address",
)


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    async def home_address(_: object) -> str:
        return "203.0.113.5"

    for address in ADDRESSES:
        monkeypatch.setattr(address, home_address)


def give_up(hass: HomeAssistant) -> None:
    """Leave behind what three failures in a row leave behind."""
    journal = Path(hass.config.path(".storage", "gppde.refill"))
    journal.parent.mkdir(exist_ok=True)
    tomorrow = dt_util.utcnow() + timedelta(hours=12)
    content = {
        "order": None,
        "breaker": {"failures": 3, "retry_at": tomorrow.isoformat()},
        "failure": {"persona": "Hinge", "error": "The cable is missing."},
    }
    journal.write_text(json.dumps(content))


async def set_up_failing(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    await hass.async_add_executor_job(give_up, hass)
    put_on_disk(hass, *(f"Line {n}." for n in range(4)))
    assert await async_setup_component(hass, "repairs", {})
    await set_up(hass, entry)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_the_issue_offers_a_repair(
    hass: HomeAssistant, player: RecordingPlayer, hass_ws_client: WebSocketGenerator
) -> None:
    await set_up_failing(hass, make_entry(hass))
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "repairs/list_issues"})
    issues = (await client.receive_json())["result"]["issues"]
    [issue] = [each for each in issues if each["issue_id"] == "refill_failing"]
    assert issue["is_fixable"]


async def test_the_repair_of_a_server_ends_with_quips(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen, person: Person
) -> None:
    await set_up_failing(hass, make_entry(hass, url=quipgen.url))
    form = await person.opens()
    assert form["step_id"] == "server"
    assert form["description_placeholders"]["error"] == "The cable is missing."
    assert (await person.submits(form))["type"] == "create_entry"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert not find_issue(hass, "refill_failing")


async def test_a_server_that_is_still_down_fails_once_more_and_not_for_ever(
    hass: HomeAssistant, player: RecordingPlayer, person: Person
) -> None:
    entry = make_entry(hass)
    await set_up_failing(hass, entry)
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "stopped"
    await person.submits(await person.opens())
    assert state_of(hass, "sensor", "refill", entry.entry_id).state == "waiting"


async def test_the_repair_of_home_assistants_own_ai_and_voice_ends_with_quips(
    hass: HomeAssistant, player: RecordingPlayer, person: Person
) -> None:
    await move_in(hass, Writer(), Speaker())
    await set_up_failing(hass, make_assist_entry(hass))
    form = await person.opens()
    assert form["step_id"] == "assist"
    assert (await person.submits(form))["type"] == "create_entry"
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"
    assert not find_issue(hass, "refill_failing")


async def test_for_ec2_it_lists_what_is_well_and_what_to_do(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, person: Person
) -> None:
    aws.lacking.quotas = {SPOT_QUOTA: 0.0, ON_DEMAND_QUOTA: 0.0}
    await set_up_failing(hass, make_ec2_entry(hass))
    form = await person.opens()
    assert form["step_id"] == "preflight"
    lines = form["description_placeholders"]["checks"].splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("- ✅ **Keys:** The keys are valid")
    [quota] = [line for line in lines if line.startswith("- ❌ **Quota for instances on demand:**")]
    assert "Ask AWS for 4" in quota


async def test_for_ec2_submitting_asks_for_an_instance_again(
    hass: HomeAssistant, player: RecordingPlayer, aws: Proxy, person: Person
) -> None:
    await set_up_failing(hass, make_ec2_entry(hass))
    form = await person.opens()
    assert not launches(aws), "looking launches nothing"
    aws.faults.append(Refused(action="RunInstances", code="VcpuLimitExceeded"))
    assert (await person.submits(form))["type"] == "create_entry"
    assert launches(aws) == 1


def launches(aws: Proxy) -> int:
    """Return how many were asked for in earnest."""
    calls = [call for call in aws.requests if call.action == "RunInstances"]
    return len([call for call in calls if "DryRun" not in call.parameters])


async def test_of_a_persona_that_is_gone_the_others_go_on(
    hass: HomeAssistant, player: RecordingPlayer, quipgen: Quipgen, person: Person
) -> None:
    entry = make_entry(hass, url=quipgen.url)
    await set_up_failing(hass, entry)
    form = await person.opens()
    hinge = entry.subentries[PERSONA]
    hass.config_entries.async_update_subentry(entry, hinge, title="Latch")
    await hass.async_block_till_done(wait_background_tasks=True)
    await person.submits(form)
    assert state_of(hass, "sensor", "quip_stock", PERSONA).state == "10"


@pytest.mark.parametrize("is_open", [False, True])
async def test_while_gppde_is_not_running_it_says_so(
    hass: HomeAssistant, player: RecordingPlayer, person: Person, is_open: bool
) -> None:
    entry = make_entry(hass)
    await set_up_failing(hass, entry)
    form = await person.opens() if is_open else {}
    await hass.config_entries.async_unload(entry.entry_id)
    answer = await (person.submits(form) if is_open else person.opens())
    assert (answer["type"], answer["reason"]) == ("abort", "not_loaded")
    assert find_issue(hass, "refill_failing"), "it is still to be mended"
