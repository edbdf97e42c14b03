"""The options that let Home Assistant's own AI and voice stand in for a source that fails."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult, OptionsFlow
from homeassistant.helpers.selector import BooleanSelector

from ..sources.assist_settings import CONF_STAND_IN
from .assist_form import AssistTrial, assist_schema, chosen, preferred, try_assist

CONF_STANDS_IN = "stands_in"
STAND_IN_FIELDS = {vol.Required(CONF_STANDS_IN, default=False): BooleanSelector()}

type Form = dict[str, Any]


class StandInOptions(OptionsFlow):
    """Asks who stands in, after the rest of the options."""

    _others: Mapping[str, Any]

    @property
    def stands_in(self) -> dict[str, bool]:
        """What the form of the rest shows of it."""
        return {CONF_STANDS_IN: CONF_STAND_IN in self.config_entry.options}

    async def keep(self, options: Form) -> ConfigFlowResult:
        """Keep the options of the rest, once it is told who stands in, if somebody is to."""
        wanted = options.pop(CONF_STANDS_IN)
        self._others = {key: it for key, it in options.items() if key != CONF_STAND_IN}
        return await self.async_step_stand_in() if wanted else self._finish({})

    async def async_step_stand_in(self, form: Form | None = None) -> ConfigFlowResult:
        """Show the form, with what is wrong or missing, until nothing is."""
        if form is None:
            stored = self.config_entry.options.get(CONF_STAND_IN, {})
            return self._show_stand_in(stored or preferred(self.hass), AssistTrial())
        trial = await try_assist(self.hass, form)
        if trial.errors:
            return self._show_stand_in(form, trial)
        return self._finish({CONF_STAND_IN: chosen(form)})

    def _show_stand_in(self, form: Mapping[str, Any], trial: AssistTrial) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="stand_in",
            data_schema=self.add_suggested_values_to_schema(assist_schema(self.hass), form),
            errors=trial.errors,
            description_placeholders=trial.placeholders,
        )

    def _finish(self, stand_in: Form) -> ConfigFlowResult:
        return self.async_create_entry(data={**self._others, **stand_in})


class ServerOptionsFlow(StandInOptions):
    """All there is to choose where the source is a running server, which was told the rest."""

    async def async_step_init(self, _: Form | None = None) -> ConfigFlowResult:
        """Begin."""
        return await self.async_step_server()

    async def async_step_server(self, form: Form | None = None) -> ConfigFlowResult:
        """Ask whether somebody is to stand in."""
        if form is not None:
            return await self.keep(form)
        schema = vol.Schema(STAND_IN_FIELDS)
        return self.async_show_form(
            step_id="server",
            data_schema=self.add_suggested_values_to_schema(schema, self.stands_in),
        )
