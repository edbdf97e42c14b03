"""Sets GPPDE up: where quips come from, then the first door."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    SubentryFlowContext,
)
from homeassistant.const import CONF_SOURCE, CONF_TOKEN, CONF_URL
from homeassistant.core import callback

from .const import DOMAIN, SUBENTRY_DOOR, SUBENTRY_PERSONA
from .flows.connection import SERVER_FIELDS, TOKEN_FIELDS, Trial, parse_url, try_server
from .flows.door import DoorFlow
from .flows.persona import PersonaFlow, first_persona

SOURCE_SERVER = "server"


class GppdeConfigFlow(ConfigFlow, domain=DOMAIN):
    """Adds the source of quips, and changes it."""

    @classmethod
    @callback
    def async_get_supported_subentry_types(
        cls,
        config_entry: ConfigEntry,  # noqa: ARG003
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what a household has several of."""
        return {SUBENTRY_DOOR: DoorFlow, SUBENTRY_PERSONA: PersonaFlow}

    async def async_step_user(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add the source of quips: so far, a quipgen server."""
        return await self.async_step_server()

    async def async_step_reconfigure(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Change the source."""
        return await self.async_step_server()

    async def async_step_server(self, form: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a server until one answers."""
        if form is None:
            stored = self._get_reconfigure_entry().data if self._reconfigures else {}
            return self._show_server(stored, Trial())
        try:
            server = {CONF_URL: parse_url(form[CONF_URL]), CONF_TOKEN: form[CONF_TOKEN]}
        except ValueError:
            return self._show_server(form, Trial({CONF_URL: "invalid_url"}))
        trial = await try_server(self.hass, **server)
        return self._show_server(form, trial) if trial.errors else self._keep_server(server)

    async def async_step_reauth(self, _: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for a token, since the server refused ours."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, form: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a token until the server takes it."""
        entry, trial = self._get_reauth_entry(), Trial()
        url = entry.data[CONF_URL]
        if form is not None:
            trial = await try_server(self.hass, url, form[CONF_TOKEN])
            if not trial.errors:
                return self.async_update_and_abort(entry, data_updates=form)
        return self.async_show_form(
            step_id="reauth_confirm",
            data_schema=self.add_suggested_values_to_schema(vol.Schema(TOKEN_FIELDS), form),
            errors=trial.errors,
            description_placeholders={CONF_URL: url} | trial.placeholders,
        )

    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Lead straight on to the first door."""
        door = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_DOOR),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, door["flow_id"])
        return result

    @property
    def _reconfigures(self) -> bool:
        return self.source == SOURCE_RECONFIGURE

    @callback
    def _show_server(self, form: Mapping[str, Any], trial: Trial) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="server",
            data_schema=self.add_suggested_values_to_schema(vol.Schema(SERVER_FIELDS), form),
            errors=trial.errors,
            description_placeholders=trial.placeholders,
        )

    @callback
    def _keep_server(self, server: dict[str, str]) -> ConfigFlowResult:
        if self._reconfigures:
            entry = self._get_reconfigure_entry()
            return self.async_update_and_abort(entry, data_updates=server)
        return self.async_create_entry(
            title="Quipgen",
            data={CONF_SOURCE: SOURCE_SERVER, **server},
            subentries=[first_persona()],
        )
