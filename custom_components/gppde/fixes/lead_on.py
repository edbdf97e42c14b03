"""The repairs that lead on to the very form in which a person mends what is wrong."""

from typing import Any

from homeassistant.components.repairs import FlowType, RepairsFlowResult
from homeassistant.config_entries import SOURCE_RECONFIGURE, SubentryFlowContext
from homeassistant.data_entry_flow import FlowResultType

from ..const import DOMAIN
from .fix_flow import FixFlow


class LeadOnFlow(FixFlow):
    """Tells what is wrong, then opens a form; the issue stays until that has mended it."""

    async def async_step_init(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  says which issue
    ) -> RepairsFlowResult:
        """Tell what is wrong."""
        return self._ask("confirm")


class ToSubentryFlow(LeadOnFlow):
    """Opens the door or the persona that the issue is about."""

    async def async_step_confirm(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Begin to change it."""
        for entry in self.hass.config_entries.async_entries(DOMAIN):
            if (subentry := entry.subentries.get(self._about or "")) is None:
                continue
            flow = await self.hass.config_entries.subentries.async_init(
                (entry.entry_id, subentry.subentry_type),
                context=SubentryFlowContext(
                    source=SOURCE_RECONFIGURE, subentry_id=subentry.subentry_id
                ),
            )
            if flow["type"] is FlowResultType.ABORT:
                return self.async_abort(reason=flow["reason"])
            next_flow = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
            return self.async_abort(reason="opened", next_flow=next_flow)
        return self.async_abort(reason="gone")


class ToOptionsFlow(LeadOnFlow):
    """Opens the options."""

    async def async_step_confirm(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Begin to change them."""
        if (entry := self._loaded_entry()) is None or not entry.supports_options:
            return self._not_loaded()
        flow = await self.hass.config_entries.options.async_init(entry.entry_id)
        next_flow = (FlowType.OPTIONS_FLOW, flow["flow_id"])
        return self.async_abort(reason="opened", next_flow=next_flow)
