"""Setting up integrations the way the frontend does: flow by flow, form by form."""

from typing import Any, Final

from .client import Client, Json
from .errors import RefusedError

FLOW: Final = "/api/config/config_entries/flow"
SUBENTRY_FLOW: Final = "/api/config/config_entries/subentries/flow"
OPTIONS_FLOW: Final = "/api/config/config_entries/options/flow"
RECONFIGURED: Final = "reconfigure_successful"


async def add_integration(client: Client, domain: str, form: Json) -> Json:
    """Walk through a config flow of one form and return its last step; raises RefusedError."""
    step = await client.post(FLOW, {"handler": domain})
    return await _fill_in(client, FLOW, step["flow_id"], form, "create_entry")


async def add_source(client: Client, server: Json, fingerprint: str) -> Json:
    """Add GPPDE, as who compares the certificate shown with the one that the server printed."""
    flow_id = (await client.post(FLOW, {"handler": "gppde"}))["flow_id"]
    await _fill_in(client, FLOW, flow_id, {"next_step_id": "server"}, "form")
    step = await _fill_in(client, FLOW, flow_id, server, "form")
    shown = step["description_placeholders"].get("fingerprint")
    if shown != fingerprint:
        raise RefusedError(f"The certificate shown is {shown}, and the server's is {fingerprint}")
    return await _fill_in(client, FLOW, flow_id, {}, "create_entry")


async def add_account(client: Client, account: Json) -> Json:
    """Add GPPDE with an account at AWS, as who agrees to what it may cost; raises RefusedError."""
    flow_id = (await client.post(FLOW, {"handler": "gppde"}))["flow_id"]
    await _fill_in(client, FLOW, flow_id, {"next_step_id": "ec2"}, "form")
    await _fill_in(client, FLOW, flow_id, account, "form")
    return await _fill_in(client, FLOW, flow_id, {}, "create_entry")


async def change_options(client: Client, entry_id: str, changes: Json) -> None:
    """Change some options of an entry, and leave the others as its form suggests them."""
    step = await client.post(OPTIONS_FLOW, {"handler": entry_id})
    form = _suggested(step["data_schema"]) | changes
    await _fill_in(client, OPTIONS_FLOW, step["flow_id"], form, "create_entry")


async def fill_in_next(client: Client, last: Json, form: Json) -> None:
    """Fill in the subentry's form that a config flow led on to; raises RefusedError."""
    _, flow_id = last["next_flow"]
    await _fill_in(client, SUBENTRY_FLOW, flow_id, form, "create_entry")


async def reconfigure_subentry(
    client: Client, entry_id: str, kind: str, subentry_id: str, changes: Json
) -> None:
    """Change some fields of a subentry, and leave the others as its form suggests them."""
    start = {"handler": [entry_id, kind], "subentry_id": subentry_id}
    step = await client.post(SUBENTRY_FLOW, start)
    form = _suggested(step["data_schema"]) | changes
    await _fill_in(client, SUBENTRY_FLOW, step["flow_id"], form, "abort")


async def add_subentry(client: Client, entry_id: str, kind: str, form: Json) -> None:
    """Add a subentry of a kind; raises RefusedError."""
    step = await client.post(SUBENTRY_FLOW, {"handler": [entry_id, kind]})
    await _fill_in(client, SUBENTRY_FLOW, step["flow_id"], form, "create_entry")


async def subentries(client: Client, entry_id: str, kind: str) -> dict[str, str]:
    """Return the ids of an entry's subentries of one kind by their titles."""
    found = await client.command("config_entries/subentries/list", entry_id=entry_id)
    return {
        entry["title"]: entry["subentry_id"] for entry in found if entry["subentry_type"] == kind
    }


async def _fill_in(client: Client, path: str, flow_id: str, form: Json, end: str) -> Json:
    step = await client.post(f"{path}/{flow_id}", form)
    is_refused = step.get("errors") or step.get("reason", RECONFIGURED) != RECONFIGURED
    if step["type"] != end or is_refused:
        raise RefusedError(f"{step['handler']} does not accept {form}: {_reason(step)}")
    return step


def _suggested(schema: list[Json]) -> Json:
    suggestions = {
        field["name"]: field.get("description", {}).get("suggested_value", field.get("default"))
        for field in schema
    }
    return {name: value for name, value in suggestions.items() if value is not None}


def _reason(step: Json) -> Any:
    return step.get("errors") or step.get("reason") or f"it asks for {step['data_schema']}"
