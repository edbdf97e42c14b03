"""What the repairs share: what their issue tells, and the entry."""

from collections.abc import Mapping

import voluptuous as vol
from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.core import callback

from ..const import DOMAIN
from ..data import GppdeConfigEntry

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
        entries: list[GppdeConfigEntry] = self.hass.config_entries.async_loaded_entries(DOMAIN)
        return entries[0] if entries else None

    def _not_loaded(self) -> RepairsFlowResult:
        return self.async_abort(reason="not_loaded")
