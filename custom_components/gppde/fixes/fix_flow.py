"""What the repairs share: what their issue tells, and the entry."""

from collections.abc import Mapping
from typing import Any

import voluptuous as vol
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import callback

from ..data import GppdeConfigEntry, running_entry

_NOTHING_TO_ENTER = vol.Schema({})


class FixFlow(RepairsFlow):
    """Shows what an issue tells; `about` is the id of the door or persona it concerns, if any."""

    def __init__(self, told: Mapping[str, str], about: str | None) -> None:
        self._told = dict(told)
        self._about = about

    @callback
    def _ask(self, step: str, more: Mapping[str, str] | None = None) -> RepairsFlowResult:
        return self.async_show_form(
            step_id=step,
            data_schema=_NOTHING_TO_ENTER,
            description_placeholders={**self._told, **(more or {})},
        )

    def _loaded_entry(self) -> GppdeConfigEntry | None:
        return running_entry(self.hass)

    def _not_loaded(self) -> RepairsFlowResult:
        return self.async_abort(reason="not_loaded")


class LoadedFixFlow(FixFlow):
    """Tells what to mend, unless there is no entry that could make use of it."""

    async def async_step_init(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  says which issue
    ) -> RepairsFlowResult:
        """Tell what to mend."""
        return self._ask("confirm") if self._loaded_entry() else self._not_loaded()
