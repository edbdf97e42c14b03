"""Setting up integrations the way the frontend does: flow by flow, form by form."""

from typing import Any

from .client import Client, Json
from .errors import RefusedError

FLOW = "/api/config/config_entries/flow"
SUBENTRY_FLOW = "/api/config/config_entries/subentries/flow"


async def add_integration(client: Client, domain: str, *forms: Json) -> str:
    """Walk through a config flow and return the new entry's id; raises RefusedError."""
    result = await _walk(client, FLOW, {"handler": domain}, forms)
    return str(result["result"]["entry_id"])


async def add_subentry(client: Client, entry_id: str, kind: str, *forms: Json) -> None:
    """Walk through a subentry flow; raises RefusedError."""
    await _walk(client, SUBENTRY_FLOW, {"handler": [entry_id, kind]}, forms)


async def reconfigure_subentry(
    client: Client, entry_id: str, kind: str, subentry_id: str, changes: Json
) -> None:
    """Change some fields of a subentry, and leave the others as its form suggests them."""
    start = {"handler": [entry_id, kind], "subentry_id": subentry_id}
    step = await client.post(SUBENTRY_FLOW, start)
    form = _suggested(step["data_schema"]) | changes
    step = await client.post(f"{SUBENTRY_FLOW}/{step['flow_id']}", form)
    if step["type"] != "abort" or step["reason"] != "reconfigure_successful":
        raise RefusedError(f"{kind} was not reconfigured: {_reason(step)}")


async def subentries(client: Client, entry_id: str, kind: str) -> list[str]:
    """Return the ids of an entry's subentries of one kind."""
    found = await client.command("config_entries/subentries/list", entry_id=entry_id)
    return [entry["subentry_id"] for entry in found if entry["subentry_type"] == kind]


async def _walk(client: Client, path: str, start: Json, forms: tuple[Json, ...]) -> Json:
    step = await client.post(path, start)
    for form in forms:
        if step["type"] != "form":
            break
        step = await client.post(f"{path}/{step['flow_id']}", form)
    if step["type"] != "create_entry":
        raise RefusedError(f"{start['handler']} was not set up: {_reason(step)}")
    return step


def _suggested(schema: list[Json]) -> Json:
    suggestions = {
        field["name"]: field.get("description", {}).get("suggested_value", field.get("default"))
        for field in schema
    }
    return {name: value for name, value in suggestions.items() if value is not None}


def _reason(step: Json) -> Any:
    return step.get("errors") or step.get("reason") or f"it still asks {step['data_schema']}"
