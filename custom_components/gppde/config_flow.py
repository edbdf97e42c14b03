"""Sets GPPDE up: where quips come from, then the first door."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import CONF_SOURCE, CONF_TOKEN, CONF_URL
from homeassistant.core import callback
from homeassistant.data_entry_flow import UnknownHandler

from .const import CONF_FINGERPRINT, DOMAIN, SUBENTRY_DOOR, SUBENTRY_PERSONA
from .flows.assist_steps import AssistSteps
from .flows.connection import SERVER_FIELDS, TOKEN_FIELDS, Trial, parse_url, readable, try_server
from .flows.door import DoorFlow
from .flows.ec2_options import Ec2OptionsFlow
from .flows.ec2_steps import Ec2Steps
from .flows.persona import PersonaFlow, first_persona
from .flows.stand_in_options import ServerOptionsFlow
from .sources.kinds import (
    SOURCE_ASSIST,
    SOURCE_EC2,
    SOURCE_SERVER,
    SOURCE_STARTER,
    STARTER_TITLE,
    is_ec2,
    source_of,
)

SERVER_TITLE = "Quipgen"
SOURCES = [SOURCE_SERVER, SOURCE_EC2, SOURCE_ASSIST]
OPTIONS: dict[str, type[OptionsFlow]] = {
    SOURCE_SERVER: ServerOptionsFlow,
    SOURCE_EC2: Ec2OptionsFlow,
}
SERVER_KEYS = (CONF_URL, CONF_TOKEN, CONF_FINGERPRINT)


class GppdeConfigFlow(AssistSteps, Ec2Steps, domain=DOMAIN):
    """Adds the source of quips, and changes it."""

    _server: dict[str, str]
    """The one whose certificate is to be confirmed."""

    @classmethod
    @callback
    def async_get_supported_subentry_types(
        cls,
        config_entry: ConfigEntry,  # noqa: ARG003
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return what a household has several of."""
        return {SUBENTRY_DOOR: DoorFlow, SUBENTRY_PERSONA: PersonaFlow}

    @classmethod
    @callback
    def async_supports_options_flow(cls, config_entry: ConfigEntry) -> bool:
        """Tell whether there is something to choose."""
        return source_of(config_entry) in OPTIONS

    @staticmethod
    @callback
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the form of what there is to choose."""
        if (flow := OPTIONS.get(source_of(config_entry))) is None:
            raise UnknownHandler
        return flow()

    async def async_step_user(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let a person choose where quips come from."""
        return self.async_show_menu(step_id="user", menu_options=[SOURCE_STARTER, *SOURCES])

    async def async_step_reconfigure(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add a source to an entry without one; any other stays one of its kind."""
        source = source_of(self._get_reconfigure_entry())
        if source == SOURCE_STARTER:
            return self.async_show_menu(step_id="reconfigure", menu_options=SOURCES)
        steps = {SOURCE_EC2: self.async_step_ec2, SOURCE_ASSIST: self.async_step_assist}
        return await steps.get(source, self.async_step_server)()

    async def async_step_starter(self, _: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Begin at once, with what is shipped."""
        return self.async_create_entry(
            title=STARTER_TITLE,
            data={CONF_SOURCE: SOURCE_STARTER},
            subentries=[first_persona()],
        )

    async def async_step_server(self, form: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for a server until one answers."""
        if form is None:
            stored = self._get_reconfigure_entry().data if self._reconfigures else {}
            return self._show_server(stored, Trial())
        try:
            server = {CONF_URL: parse_url(form[CONF_URL]), CONF_TOKEN: form[CONF_TOKEN]}
        except ValueError:
            return self._show_server(form, Trial({CONF_URL: "invalid_url"}))
        return await self._try(self._pinned(server))

    async def async_step_reauth(self, _: Mapping[str, Any]) -> ConfigFlowResult:
        """Ask for a token, since the server refused ours, or another one took its place; or for
        keys, since AWS does not take them any more.
        """
        if is_ec2(self._get_reauth_entry()):
            return await self.async_step_reauth_keys()
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, form: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a token until the server takes it."""
        if form is None:
            return self._show_server({}, Trial())
        return await self._try(_server_of(self._get_reauth_entry()) | form)

    async def async_step_certificate(self, form: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let a person compare the certificate with what the server printed."""
        if form is not None:
            return await self._try(self._server)
        return self.async_show_form(
            step_id="certificate",
            data_schema=vol.Schema({}),
            description_placeholders={
                CONF_URL: self._server[CONF_URL],
                CONF_FINGERPRINT: readable(self._server[CONF_FINGERPRINT]),
            },
        )

    def _pinned(self, server: dict[str, str]) -> dict[str, str]:
        """Add the certificate that was confirmed before, if the address is still the same."""
        if not self._reconfigures:
            return server
        stored = _server_of(self._get_reconfigure_entry())
        return stored | server if stored.get(CONF_URL) == server[CONF_URL] else server

    async def _try(self, server: dict[str, str]) -> ConfigFlowResult:
        trial = await try_server(self.hass, **server)
        if trial.errors:
            return self._show_server(server, trial)
        if trial.fingerprint:
            self._server = server | {CONF_FINGERPRINT: trial.fingerprint}
            return await self.async_step_certificate()
        return self._keep_server(server)

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
        """Show all of it, or the token alone where that is what the server did not take."""
        placeholders = dict(trial.placeholders)
        fields, step = SERVER_FIELDS, "server"
        if self.source == SOURCE_REAUTH:
            fields, step = TOKEN_FIELDS, "reauth_confirm"
            placeholders[CONF_URL] = self._get_reauth_entry().data[CONF_URL]
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(vol.Schema(fields), form),
            errors=trial.errors,
            description_placeholders=placeholders,
        )

    @callback
    def _keep_server(self, server: dict[str, str]) -> ConfigFlowResult:
        data = {CONF_SOURCE: SOURCE_SERVER, **server}
        if self._reconfigures:
            entry = self._get_reconfigure_entry()
            title = SERVER_TITLE if entry.title == STARTER_TITLE else entry.title
            return self.async_update_and_abort(entry, title=title, data=data)
        if self.source == SOURCE_REAUTH:
            return self.async_update_and_abort(self._get_reauth_entry(), data=data)
        return self.async_create_entry(title=SERVER_TITLE, data=data, subentries=[first_persona()])


def _server_of(entry: ConfigEntry) -> dict[str, str]:
    """Return what `try_server` takes of an entry."""
    return {key: entry.data[key] for key in SERVER_KEYS if key in entry.data}
