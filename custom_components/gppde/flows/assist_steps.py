"""The step through which Home Assistant's own AI and voice become the source of quips."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_SOURCE
from homeassistant.core import callback

from ..sources.kinds import SOURCE_ASSIST, STARTER_TITLE
from .assist_form import AssistTrial, assist_schema, chosen, preferred, try_assist
from .persona import first_persona

TITLE = "Home Assistant's AI and voice"

type Form = dict[str, Any]


class AssistSteps(ConfigFlow):
    """Asks who writes and who speaks until both will do."""

    async def async_step_assist(self, form: Form | None = None) -> ConfigFlowResult:
        """Show the form, with what is wrong or missing, until nothing is."""
        if form is None:
            stored = self._get_reconfigure_entry().data if self._changes else {}
            return self._show_assist(chosen(stored) or preferred(self.hass), AssistTrial())
        trial = await try_assist(self.hass, form)
        return self._show_assist(form, trial) if trial.errors else self._keep_assist(form)

    @property
    def _changes(self) -> bool:
        return self.source == SOURCE_RECONFIGURE

    @callback
    def _show_assist(self, form: Mapping[str, Any], trial: AssistTrial) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="assist",
            data_schema=self.add_suggested_values_to_schema(assist_schema(self.hass), form),
            errors=trial.errors,
            description_placeholders=trial.placeholders,
        )

    @callback
    def _keep_assist(self, form: Form) -> ConfigFlowResult:
        data = {CONF_SOURCE: SOURCE_ASSIST, **chosen(form)}
        if self._changes:
            entry = self._get_reconfigure_entry()
            title = TITLE if entry.title == STARTER_TITLE else entry.title
            return self.async_update_and_abort(entry, title=title, data=data)
        return self.async_create_entry(title=TITLE, data=data, subentries=[first_persona()])
