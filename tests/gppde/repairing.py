"""A person who opens repairs in Home Assistant, and can read all that is shown."""

from http import HTTPStatus
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.gppde.const import DOMAIN

from .flows.forms import TEXTS

FIX = "/api/repairs/issues/fix"
SUBENTRY_FLOW = "/api/config/config_entries/subentries/flow"
OPTIONS_FLOW = "/api/config/config_entries/options/flow"

type Step = dict[str, Any]


class Person:
    """Who clicks on an issue in Home Assistant's repairs."""

    def __init__(self, hass: HomeAssistant, client: ClientSessionGenerator) -> None:
        self._hass = hass
        self._client = client
        self._texts: dict[str, Any] = {}

    async def opens(self, issue_id: str = "refill_failing") -> Step:
        issue = ir.async_get(self._hass).async_get_issue(DOMAIN, issue_id)
        assert issue
        assert issue.translation_key
        told = issue.translation_placeholders or {}
        assert TEXTS["issues"][issue.translation_key]["title"].format(**told)
        self._texts = TEXTS["issues"][issue.translation_key]["fix_flow"]
        return self._reads(await self._posts(FIX, {"handler": DOMAIN, "issue_id": issue_id}))

    async def submits(self, step: Step, form: dict[str, Any] | None = None) -> Step:
        return self._reads(await self._posts(f"{FIX}/{step['flow_id']}", form or {}))

    async def chooses(self, menu: Step, option: str) -> Step:
        assert option in menu["menu_options"]
        return await self.submits(menu, {"next_step_id": option})

    async def goes_on(self, path: str, last: Step) -> Step:
        """Return the form that the frontend opens next."""
        _, flow_id = last["next_flow"]
        answer = await (await self._client()).get(f"{path}/{flow_id}")
        form: Step = await answer.json()
        return form

    async def fills_in(self, path: str, form: Step, content: dict[str, Any]) -> Step:
        return await self._posts(f"{path}/{form['flow_id']}", content)

    async def _posts(self, path: str, body: dict[str, Any]) -> Step:
        answer = await (await self._client()).post(path, json=body)
        assert answer.status == HTTPStatus.OK, await answer.text()
        told: Step = await answer.json()
        await self._hass.async_block_till_done(wait_background_tasks=True)
        return told

    def _reads(self, step: Step) -> Step:
        told = step.get("description_placeholders") or {}
        if step["type"] == "abort":
            assert self._texts["abort"][step["reason"]].format(**told)
        if step["type"] in ("form", "menu"):
            texts = self._texts["step"][step["step_id"]]
            assert texts["title"].format(**told)
            assert texts["description"].format(**told)
            assert set(step.get("menu_options", ())) <= set(texts.get("menu_options", ()))
        return step


def suggested(form: Step) -> dict[str, Any]:
    """Return what a form is filled with when it opens."""
    content = {}
    for field in form["data_schema"]:
        if "schema" in field:
            content[field["name"]] = suggested({"data_schema": field["schema"]})
            continue
        value = field.get("description", {}).get("suggested_value", field.get("default"))
        if value is not None:
            content[field["name"]] = value
    return content
