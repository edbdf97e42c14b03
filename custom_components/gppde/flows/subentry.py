"""One form for a subentry, be it new or changed."""

from abc import abstractmethod
from typing import Any, TypedDict

import voluptuous as vol
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import callback

type Form = dict[str, Any]


class Content(TypedDict):
    """What a subentry is made of."""

    title: str
    data: dict[str, Any]
    unique_id: str | None


class SubentryFormFlow(ConfigSubentryFlow):
    """Shows the form, checks it, and adds or changes the subentry."""

    async def async_step_user(self, _: Form | None = None) -> SubentryFlowResult:
        """Add a subentry."""
        return await self.async_step_settings()

    async def async_step_reconfigure(self, _: Form | None = None) -> SubentryFlowResult:
        """Change a subentry."""
        return await self.async_step_settings()

    async def async_step_settings(self, form: Form | None = None) -> SubentryFlowResult:
        """Ask until the answers make sense."""
        if form is None:
            stored = self._stored(self._current) if self._current else self._suggested()
            return self._show(stored, {})
        if errors := self._errors(form):
            return self._show(form, errors)
        return self._finish(form)

    @abstractmethod
    def _schema(self, errors: dict[str, str]) -> vol.Schema:
        """Return the form, fit to show these errors in."""

    def _suggested(self) -> Form:
        """Return what a new subentry's form begins with, beside the defaults of its fields."""
        return {}

    def _placeholders(self) -> dict[str, str]:
        """Return what fills the form's texts."""
        return {}

    @abstractmethod
    def _stored(self, subentry: ConfigSubentry) -> Form:
        """Return what a person would have filled in to get this subentry."""

    @abstractmethod
    def _errors(self, form: Form) -> dict[str, str]:
        """Return what is wrong, by field."""

    @abstractmethod
    def _content(self, form: Form) -> Content:
        """Return what a form without errors becomes."""

    @property
    def _current(self) -> ConfigSubentry | None:
        return self._get_reconfigure_subentry() if self.source == SOURCE_RECONFIGURE else None

    def _others(self) -> list[ConfigSubentry]:
        alike = self._get_entry().get_subentries_of_type(self._subentry_type)
        return [subentry for subentry in alike if subentry is not self._current]

    @callback
    def _show(self, form: Form, errors: dict[str, str]) -> SubentryFlowResult:
        return self.async_show_form(
            step_id="settings",
            data_schema=self.add_suggested_values_to_schema(self._schema(errors), form),
            errors=errors,
            description_placeholders=self._placeholders(),
        )

    @callback
    def _finish(self, form: Form) -> SubentryFlowResult:
        content = self._content(form)
        if self._current:
            return self.async_update_and_abort(self._get_entry(), self._current, **content)
        return self.async_create_entry(**content)
