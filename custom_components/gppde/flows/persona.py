"""The form of a persona."""

import re

import voluptuous as vol
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData
from homeassistant.const import CONF_NAME

from ..const import (
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
from .fields import choice_of, text, whole_number
from .subentry import Content, Form, SubentryFormFlow

# What a quipgen server takes.
LONGEST = {CONF_NAME: 100, CONF_DESCRIPTION: 1000, CONF_VOICE: 100}
VOICE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_+-]*)?")


SCHEMA = vol.Schema(
    {
        vol.Required(CONF_NAME): text(),
        vol.Optional(CONF_DESCRIPTION): text(multiline=True),
        vol.Required(CONF_TONE, default=Tone.SUNNY.value): choice_of(Tone, CONF_TONE),
        vol.Optional(CONF_VOICE): text(),
        vol.Required(CONF_TARGET, default=DEFAULT_TARGET): whole_number(1, 200),
        vol.Required(CONF_LOW_WATER, default=DEFAULT_LOW_WATER): whole_number(0, 199),
        vol.Required(CONF_WHEN_EMPTY, default=WhenEmpty.REPEAT.value): choice_of(
            WhenEmpty, CONF_WHEN_EMPTY
        ),
    }
)


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

    def _schema(self, errors: dict[str, str]) -> vol.Schema:  # noqa: ARG002
        return SCHEMA

    def _stored(self, subentry: ConfigSubentry) -> Form:
        return {CONF_NAME: subentry.title, **subentry.data}

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
        return _to_content(form)


def _to_content(form: Form) -> Content:
    texts = {CONF_DESCRIPTION: "", CONF_VOICE: ""}
    settings = {key: value for key, value in form.items() if key != CONF_NAME}
    return Content(title=form[CONF_NAME], data=texts | settings, unique_id=None)
