"""The question what to do with quips that no persona owns any more."""

from typing import Any

import voluptuous as vol
from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.helpers import issue_registry as ir

from ..causes import told
from ..const import CONF_PERSONA, DOMAIN
from ..errors import StockError
from ..flows.fields import choice_by_name
from ..personas.leftover_issue import delete_quips, give_quips
from ..personas.persona import Persona
from .fix_flow import FixFlow


class LeftoversFlow(FixFlow):
    """Keeps the quips, deletes them, or gives them to a persona that there is."""

    async def async_step_init(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  says which issue
    ) -> RepairsFlowResult:
        """Ask."""
        return self.async_show_menu(
            step_id="init",
            menu_options=["keep", *(["give"] if self._personas() else []), "delete"],
            description_placeholders=self._told,
        )

    async def async_step_keep(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Leave them, and ask no more; the issue is among the ignored ones from now on."""
        ir.async_ignore_issue(self.hass, DOMAIN, self.issue_id, ignore=True)
        return self.async_abort(reason="kept", description_placeholders=self._told)

    async def async_step_delete(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Delete them for good."""
        try:
            await delete_quips(self.hass)
        except StockError as error:
            return await self._failed(error)
        return self.async_create_entry(data={})

    async def async_step_give(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Let a persona have them."""
        personas = self._personas()
        if not personas:
            return self._not_loaded()
        if user_input is None:
            names = {id_: persona.brief.name for id_, persona in personas.items()}
            first = vol.Required(CONF_PERSONA, default=next(iter(names)))
            schema = vol.Schema({first: choice_by_name(names)})
            return self.async_show_form(step_id="give", data_schema=schema)
        try:
            await give_quips(self.hass, personas[user_input[CONF_PERSONA]])
        except StockError as error:
            return await self._failed(error)
        return self.async_create_entry(data={})

    def _personas(self) -> dict[str, Persona]:
        entry = self._loaded_entry()
        return entry.runtime_data.personas if entry else {}

    async def _failed(self, error: StockError) -> RepairsFlowResult:
        cause = await told(self.hass, error)
        return self.async_abort(reason="disk_failed", description_placeholders={"error": cause})
