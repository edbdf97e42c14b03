"""The form of a persona."""

import re

import voluptuous as vol
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.core import callback
from homeassistant.helpers.selector import BooleanSelector

from ..const import (
    CONF_CLIP,
    CONF_DESCRIPTION,
    CONF_LOW_WATER,
    CONF_TARGET,
    CONF_TONE,
    CONF_VOICE,
    CONF_WHEN_EMPTY,
    DEFAULT_LOW_WATER,
    DEFAULT_TARGET,
    SUBENTRY_PERSONA,
    Tone,
    WhenEmpty,
)
from ..personas.clip_issues import clear_clip_issues
from .clip import UPLOAD, UploadError, take_clip
from .fields import choice_of, text, whole_number
from .subentry import Content, Form, SubentryFormFlow

# What a quipgen server takes.
LONGEST = {CONF_NAME: 100, CONF_DESCRIPTION: 1000, CONF_VOICE: 100}
VOICE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_+-]*)?")

CONF_REMOVE_CLIP = "remove_clip"

SPEAKER = {
    vol.Required(CONF_NAME): text(),
    vol.Optional(CONF_DESCRIPTION): text(multiline=True),
    vol.Required(CONF_TONE, default=Tone.SUNNY.value): choice_of(Tone, CONF_TONE),
    vol.Optional(CONF_VOICE): text(),
    vol.Optional(CONF_CLIP): UPLOAD,
}
REMOVAL = {vol.Required(CONF_REMOVE_CLIP, default=False): BooleanSelector()}
STOCK = {
    vol.Required(CONF_TARGET, default=DEFAULT_TARGET): whole_number(1, 200),
    vol.Required(CONF_LOW_WATER, default=DEFAULT_LOW_WATER): whole_number(0, 199),
    vol.Required(CONF_WHEN_EMPTY, default=WhenEmpty.REPEAT.value): choice_of(
        WhenEmpty, CONF_WHEN_EMPTY
    ),
}
SCHEMA = vol.Schema(SPEAKER | STOCK)
SCHEMA_WITH_CLIP = vol.Schema(SPEAKER | REMOVAL | STOCK)


def first_persona() -> ConfigSubentryData:
    """Return the persona that every household starts with."""
    content = _to_content(
        SCHEMA(
            {
                CONF_NAME: "Squeak",
                CONF_DESCRIPTION: "A front door with a sunny disposition. It loves to be opened, "
                "is proud of its hinges, and takes its work a little too seriously.",
            }
        )
    )
    return ConfigSubentryData(subentry_type=SUBENTRY_PERSONA, **content)


class PersonaFlow(SubentryFormFlow):
    """Adds or changes a persona."""

    async def async_step_settings(self, form: Form | None = None) -> SubentryFlowResult:
        """Ask until the answers make sense; the clip, uploaded but once, is taken last."""
        if form is None or CONF_CLIP not in form or self._errors(form):
            return await super().async_step_settings(form)
        try:
            form[CONF_CLIP] = await take_clip(self.hass, form.pop(CONF_CLIP))
        except UploadError as error:
            return self._show(form, {CONF_CLIP: error.key})
        return self._finish(form)

    @property
    def _current_clip(self) -> str | None:
        return self._current.data.get(CONF_CLIP) if self._current else None

    def _schema(self, errors: dict[str, str]) -> vol.Schema:  # noqa: ARG002
        return SCHEMA_WITH_CLIP if self._current_clip else SCHEMA

    def _stored(self, subentry: ConfigSubentry) -> Form:
        settings = {key: value for key, value in subentry.data.items() if key != CONF_CLIP}
        return {CONF_NAME: subentry.title, **settings}

    def _errors(self, form: Form) -> dict[str, str]:
        errors = {key: "too_long" for key, most in LONGEST.items() if len(form.get(key, "")) > most}
        if not VOICE.fullmatch(form.get(CONF_VOICE, "")):
            errors[CONF_VOICE] = "invalid_voice"
        if form[CONF_LOW_WATER] >= form[CONF_TARGET]:
            errors[CONF_LOW_WATER] = "low_water_not_below_target"
        return errors | self._name_errors(form[CONF_NAME])

    def _name_errors(self, name: str) -> dict[str, str]:
        if not name:
            return {CONF_NAME: "name_empty"}
        if not name.isprintable():
            return {CONF_NAME: "invalid_name"}
        if name.casefold() in {persona.title.casefold() for persona in self._others()}:
            return {CONF_NAME: "name_taken"}
        return {}

    def _content(self, form: Form) -> Content:
        clip = None if form.get(CONF_REMOVE_CLIP) else self._current_clip
        return _to_content({CONF_CLIP: clip} | form if clip else form)

    @callback
    def _finish(self, form: Form) -> SubentryFlowResult:
        if self._current and (CONF_CLIP in form or form.get(CONF_REMOVE_CLIP)):
            clear_clip_issues(self.hass, self._current.subentry_id)
        return super()._finish(form)


def _to_content(form: Form) -> Content:
    texts = {CONF_DESCRIPTION: "", CONF_VOICE: ""}
    settings = {key: it for key, it in form.items() if key not in (CONF_NAME, CONF_REMOVE_CLIP)}
    return Content(title=form[CONF_NAME], data=texts | settings, unique_id=None)
