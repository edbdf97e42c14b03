"""A person lets GPPDE use an account at AWS, gives it other keys, and moves to another region."""

import logging
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState, FlowType
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers.selector import TextSelectorType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.ec2.instances import shared_ledger

from ..aws.account import KEY, REGION, SECRET
from ..aws.attempts import make_launched
from ..aws.faults import Cut, Refused
from ..aws.proxy import Proxy
from ..aws.request import ACCOUNT, Request
from ..aws.test_policy import made_by, refused
from ..ec2_entries import FORM, KEYS, make_ec2_entry
from ..helpers import make_entry
from .accounts import OTHER_ACCOUNT, ROLE, SECOND, all_is_there, entered, no_setup, told_by
from .forms import Result, prefilled, read, start, submit

__all__ = ["all_is_there", "no_setup"]


async def test_an_account_becomes_the_entry_with_a_first_persona(
    hass: HomeAssistant, aws: Proxy
) -> None:
    form = await start(hass, "ec2")
    assert prefilled(form) == {"region": "us-east-1"}
    shown = await submit(hass, form, FORM)
    assert shown["step_id"] == "confirm"

    result = await submit(hass, shown, {})

    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert entry.title == "Quipgen on EC2 (us-east-1)"
    assert entry.data == {"source": "ec2", **FORM}
    assert entry.unique_id == ACCOUNT
    [persona] = entry.get_subentries_of_type("persona")
    assert persona.title == "Squeak"
    assert result["next_flow"][0] == FlowType.CONFIG_SUBENTRIES_FLOW


async def test_who_began_without_a_source_takes_ec2_later(hass: HomeAssistant, aws: Proxy) -> None:
    entry = MockConfigEntry(domain=DOMAIN, title="Starter quips", data={"source": "starter"})
    entry.add_to_hass(hass)
    menu = read(await entry.start_reconfigure_flow(hass))
    form = await submit(hass, menu, {"next_step_id": "ec2"})
    result = await submit(hass, await submit(hass, form, FORM), {})
    assert result["reason"] == "reconfigure_successful"
    assert (entry.title, entry.unique_id) == ("Quipgen on EC2 (us-east-1)", ACCOUNT)
    assert entry.data == {"source": "ec2", **FORM}


async def test_before_it_is_kept_a_person_is_told_whom_amazon_charges_and_how_much(
    hass: HomeAssistant,
) -> None:
    told = dict((await entered(hass))["description_placeholders"])
    assert told.pop("type") in ("g6.xlarge", "g4dn.xlarge")
    assert float(told.pop("price")) < 1
    assert float(told.pop("most")) < 0.3
    assert told == {"account": ACCOUNT, "region": REGION, "budget": "5.00"}


async def test_nothing_is_made_before_a_person_confirms_and_nothing_is_left_afterwards(
    hass: HomeAssistant, aws: Proxy, cloud: Cloud
) -> None:
    confirmation = await entered(hass)
    assert not {"CreateSecurityGroup", "RunInstances"} & set(aws.calls)

    await submit(hass, confirmation, {})

    launches = [call.parameters for call in aws.requests if call.action == "RunInstances"]
    assert [launch["DryRun"] for launch in launches] == ["true", "true"]
    assert aws.calls.count("CreateSecurityGroup") == aws.calls.count("DeleteSecurityGroup") == 1
    assert await hass.async_add_executor_job(cloud.instances, "set-up") == []


async def test_the_policy_that_people_are_told_to_give_allows_all_of_it(
    hass: HomeAssistant, aws: Proxy
) -> None:
    await submit(hass, await entered(hass), {})
    requests = [Request.of(call) for call in aws.requests]
    known = made_by(requests)
    assert [asked for request in requests for asked in refused(request, known)] == []


async def test_the_secret_is_hidden_and_not_shown_again(
    hass: HomeAssistant, aws: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    form = await start(hass, "ec2")
    [secret] = [field for key, field in form["data_schema"].schema.items() if key == "secret_key"]
    assert secret.validators[0].config["type"] == TextSelectorType.PASSWORD

    aws.faults.append(Refused(action="GetCallerIdentity", code="AuthFailure"))
    form = await submit(hass, form, FORM)
    assert prefilled(form) == {"region": REGION, "access_key": KEY}
    assert SECRET not in str(form["description_placeholders"])

    result = await submit(hass, await submit(hass, form, prefilled(form)), {})
    assert result["result"].data["secret_key"] == SECRET
    assert SECRET not in caplog.text


async def test_an_entry_that_was_added_is_set_up(
    hass: HomeAssistant, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    result = await submit(hass, await entered(hass), {})
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["result"].state is ConfigEntryState.LOADED


async def reauth(hass: HomeAssistant, **entry: Any) -> Result:
    return read(await make_ec2_entry(hass, **entry).start_reauth_flow(hass))


async def test_new_keys_are_asked_for_and_tried(hass: HomeAssistant, aws: Proxy) -> None:
    entry = make_ec2_entry(hass, role=ROLE)
    form = read(await entry.start_reauth_flow(hass))
    assert form["step_id"] == "reauth_keys"
    assert prefilled(form) == {"access_key": KEY}

    aws.faults.append(told_by("InvalidClientTokenId", "AssumeRole", status=403))
    form = await submit(hass, form, SECOND)
    assert form["errors"] == {"access_key": "keys_refused"}
    result = await submit(hass, form, SECOND)

    assert result["reason"] == "reauth_successful"
    assert entry.data == {"source": "ec2", "region": REGION, "role": ROLE, **SECOND}


async def test_keys_of_another_account_are_none_of_these_instances(
    hass: HomeAssistant, aws: Proxy
) -> None:
    entry = make_ec2_entry(hass, account=OTHER_ACCOUNT)
    form = await submit(hass, await entry.start_reauth_flow(hass), SECOND)
    assert form["errors"] == {"access_key": "wrong_account"}
    told = form["description_placeholders"]
    assert (told["account"], told["expected"]) == (ACCOUNT, OTHER_ACCOUNT)
    assert entry.data == {"source": "ec2", **FORM}


async def test_keys_that_were_activated_again_need_not_be_entered_again(
    hass: HomeAssistant,
) -> None:
    form = await reauth(hass)
    assert (await submit(hass, form, prefilled(form)))["reason"] == "reauth_successful"


async def test_half_a_key_is_told(hass: HomeAssistant) -> None:
    form = await submit(hass, await reauth(hass), {"access_key": "testing2"})
    assert form["errors"] == {"secret_key": "secret_missing"}


async def test_new_keys_cannot_be_tried_while_aws_is_silent(
    hass: HomeAssistant, aws: Proxy
) -> None:
    form = await reauth(hass, region="us-middle-7")
    aws.faults.append(Cut(times=4))
    form = await submit(hass, form, SECOND)
    assert form["errors"] == {"base": "region_unanswered"}, "there is no field for the region"


async def test_a_role_that_trusts_nobody_any_more_is_told(hass: HomeAssistant, aws: Proxy) -> None:
    form = await reauth(hass, role=ROLE)
    aws.faults.append(told_by("AccessDenied", "AssumeRole", status=403))
    form = await submit(hass, form, SECOND)
    assert form["errors"] == {"base": "role_refused"}


async def reconfigured(hass: HomeAssistant, form: Result, **changes: str) -> Result:
    return await submit(hass, await submit(hass, form, prefilled(form) | changes), {})


async def test_the_region_can_be_changed_and_the_keys_and_doors_stay(hass: HomeAssistant) -> None:
    entry = make_ec2_entry(hass, options={"budget": 7.5})
    subentries = dict(entry.subentries)
    form = read(await entry.start_reconfigure_flow(hass))
    assert (form["step_id"], prefilled(form)) == ("ec2", {"region": REGION, "access_key": KEY})

    confirmation = await submit(hass, form, prefilled(form) | {"region": "eu-west-1"})
    assert confirmation["description_placeholders"]["budget"] == "7.50"
    result = await submit(hass, confirmation, {})

    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {"source": "ec2", "region": "eu-west-1", **KEYS}
    assert entry.title == "Quipgen on EC2 (eu-west-1)"
    assert entry.subentries == subentries


async def test_a_name_that_a_person_gave_stays(hass: HomeAssistant) -> None:
    entry = make_ec2_entry(hass, title="Doors")
    await reconfigured(hass, await entry.start_reconfigure_flow(hass), region="eu-west-1")
    assert entry.title == "Doors"


async def test_the_keys_and_the_role_can_be_changed(hass: HomeAssistant) -> None:
    entry = make_ec2_entry(hass, account=OTHER_ACCOUNT)
    form = await entry.start_reconfigure_flow(hass)
    result = await reconfigured(hass, form, **SECOND, role=ROLE)
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {"source": "ec2", "region": REGION, **SECOND, "role": ROLE}
    assert entry.unique_id == ACCOUNT


async def test_a_role_and_keys_that_are_emptied_are_gone(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = make_ec2_entry(hass, role=ROLE)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    form = read(await entry.start_reconfigure_flow(hass))
    await submit(hass, await submit(hass, form, {"region": REGION}), {})
    assert entry.data == {"source": "ec2", "region": REGION}


async def test_another_try_may_go_back_to_the_keys_that_are_stored(hass: HomeAssistant) -> None:
    entry = make_ec2_entry(hass)
    form = read(await entry.start_reconfigure_flow(hass))
    stored = prefilled(form)
    form = await submit(hass, form, stored | {"access_key": "testing2"})
    assert form["errors"] == {"secret_key": "secret_missing"}
    result = await submit(hass, await submit(hass, form, stored), {})
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {"source": "ec2", **FORM}


async def test_who_looks_after_an_instance_does_not_move_away_from_it(
    hass: HomeAssistant,
) -> None:
    entry = make_ec2_entry(hass)
    ledger = shared_ledger(hass)
    await ledger.load()
    await ledger.begin(make_launched())
    form = read(await entry.start_reconfigure_flow(hass))
    form = await reconfigured(hass, form, region="eu-west-1")
    assert form["errors"] == {"base": "instance_left"}
    assert entry.data["region"] == REGION

    result = await reconfigured(hass, form, **SECOND, region=REGION)
    assert result["reason"] == "reconfigure_successful"


async def test_a_server_does_not_become_an_account_nor_an_account_a_server(
    hass: HomeAssistant,
) -> None:
    for entry, step in [(make_entry(hass), "server"), (make_ec2_entry(hass), "ec2")]:
        form = read(await entry.start_reconfigure_flow(hass))
        assert (form["type"], form["step_id"]) == (FlowResultType.FORM, step)
