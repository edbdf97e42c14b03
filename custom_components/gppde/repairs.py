"""The repair of refills that fail: shows what is wrong where that can be found out, and retries."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import voluptuous as vol
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .data import GppdeConfigEntry
from .persona import Persona
from .preflight_report import has_preflight, preflight_report
from .sourcing import SOURCE_ASSIST, SOURCE_SERVER, is_assist

_NOTHING_TO_ENTER = vol.Schema({})


async def async_create_fix_flow(
    hass: HomeAssistant,
    issue_id: str,
    data: dict[str, str | int | float | None] | None,  # noqa: ARG001  as Home Assistant calls it
) -> RepairsFlow:
    """Begin the repair of an issue; `refill_failing` is the one that has such."""
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return FailingRefillFlow((issue and issue.translation_placeholders) or {})


class FailingRefillFlow(RepairsFlow):
    """Ends with another refill, which closes the circuit."""

    def __init__(self, told: Mapping[str, str]) -> None:
        """Take what the issue tells: the persona, and the error."""
        self._told = dict(told)

    async def async_step_init(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  says which issue
    ) -> RepairsFlowResult:
        """Show what is known, by the kind of the source."""
        if (entry := self._entry()) is None:
            return self.async_abort(reason="not_loaded")
        if has_preflight(entry):
            report = await preflight_report(self.hass, entry)
            return self._ask("preflight", {"checks": report.markdown})
        return self._ask(SOURCE_ASSIST if is_assist(entry) else SOURCE_SERVER, {})

    async def async_step_preflight(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Go on: a person has read the list."""
        return self._retry()

    async def async_step_server(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Go on: a person has looked after the server."""
        return self._retry()

    async def async_step_assist(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Go on: a person has looked after AI Task and voice."""
        return self._retry()

    def _ask(self, step: str, more: dict[str, str]) -> RepairsFlowResult:
        return self.async_show_form(
            step_id=step,
            data_schema=_NOTHING_TO_ENTER,
            description_placeholders=self._told | more,
        )

    def _retry(self) -> RepairsFlowResult:
        """Order a refill, which takes minutes and tells by itself how it ends."""
        entry = self._entry()
        persona = self._persona(entry) if entry else None
        if entry is None or persona is None:
            return self.async_abort(reason="not_loaded")
        entry.async_create_background_task(
            self.hass, _refill(entry, persona), "gppde refill after repair"
        )
        return self.async_create_entry(data={})

    def _entry(self) -> GppdeConfigEntry | None:
        entries: list[GppdeConfigEntry] = self.hass.config_entries.async_loaded_entries(DOMAIN)
        return entries[0] if entries else None

    def _persona(self, entry: GppdeConfigEntry) -> Persona | None:
        """Return the one whose refill failed; any other will do if that one is gone."""
        personas = entry.runtime_data.personas.values()
        named = (each for each in personas if each.brief.name == self._told.get("persona"))
        return next(named, next(iter(personas), None))


async def _refill(entry: GppdeConfigEntry, persona: Persona) -> None:
    with suppress(HomeAssistantError):  # which an issue, the entities and the log tell
        await entry.runtime_data.refill.request(persona)
