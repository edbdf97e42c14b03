"""The end of a door's flow: a person hears the door before it is kept."""

from types import MappingProxyType

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry, SubentryFlowResult

from ..const import CONF_PERSONA
from ..data import GppdeConfigEntry
from .audition import Hearing, Outcome, audition
from .subentry import Form, SubentryFormFlow

CONF_HEAR = "hear"
"""Whether to hear the door now; it is asked for, and not kept."""

FINISH, AGAIN, SETTINGS = "finish", "again", "settings"


class HearingFlow(SubentryFormFlow):
    """Lets what was filled in be heard, then changed or kept."""

    _form: Form | None = None
    """As it was submitted last."""
    _outcome: Outcome

    async def async_step_settings(self, form: Form | None = None) -> SubentryFlowResult:
        """Ask until the answers make sense, and again after a hearing that did not please."""
        if form is None and self._form is not None:
            return self._show(self._form, {})
        if form is None or self._errors(form):
            return await super().async_step_settings(form)
        self._form = form
        return await (self.async_step_again() if form.get(CONF_HEAR) else self.async_step_finish())

    async def async_step_again(self, _: Form | None = None) -> SubentryFlowResult:
        """Let the door speak, if it can by now, and tell how that went."""
        form, entry = self._form or {}, self._get_entry()
        if not _can_speak(entry, form):
            return await self.async_step_finish()
        self._outcome = await audition(self.hass, entry, self._as_subentry(form))
        match self._outcome.hearing:
            case Hearing.HEARD:
                return await self.async_step_heard()
            case Hearing.TAKEN:
                return await self.async_step_taken()
            case Hearing.UNHEARD:
                return await self.async_step_unheard()

    async def async_step_heard(self, _: Form | None = None) -> SubentryFlowResult:
        """Ask whether that will do."""
        return self._menu("heard", FINISH, AGAIN, SETTINGS)

    async def async_step_taken(self, _: Form | None = None) -> SubentryFlowResult:
        """Ask whether anything was heard, since nothing was fetched yet."""
        return self._menu("taken", FINISH, AGAIN, SETTINGS)

    async def async_step_unheard(self, _: Form | None = None) -> SubentryFlowResult:
        """Tell why nobody spoke, and what can be done."""
        return self._menu("unheard", SETTINGS, AGAIN, FINISH)

    async def async_step_finish(self, _: Form | None = None) -> SubentryFlowResult:
        """Keep the door, unless another one took its sensor while this one spoke."""
        form = self._form or {}
        if errors := self._errors(form):
            return self._show(form, errors)
        return self._finish(form)

    def _menu(self, step: str, *options: str) -> SubentryFlowResult:
        return self.async_show_menu(
            step_id=step,
            menu_options=list(options),
            description_placeholders=self._outcome.placeholders,
        )

    def _as_subentry(self, form: Form) -> ConfigSubentry:
        content = self._content(form)
        return ConfigSubentry(
            data=MappingProxyType(content["data"]),
            subentry_type=self._subentry_type,
            title=content["title"],
            unique_id=content["unique_id"],
        )


def _can_speak(entry: GppdeConfigEntry, form: Form) -> bool:
    is_loaded = entry.state is ConfigEntryState.LOADED
    return is_loaded and form.get(CONF_PERSONA) in entry.runtime_data.personas
