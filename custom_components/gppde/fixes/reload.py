"""The repair that looks again, once a person has mended what GPPDE may not touch."""

from typing import Any

from homeassistant.components.repairs import RepairsFlowResult

from .fix_flow import LoadedFixFlow


class ReloadFlow(LoadedFixFlow):
    """Reloads; what is still wrong becomes an issue anew."""

    async def async_step_confirm(
        self,
        user_input: dict[str, Any] | None = None,  # noqa: ARG002  there is nothing to enter
    ) -> RepairsFlowResult:
        """Look again, after the issue that this ends is gone."""
        if (entry := self._loaded_entry()) is None:
            return self._not_loaded()
        self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_create_entry(data={})
