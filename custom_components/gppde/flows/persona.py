"""The form of a persona."""

import re
from typing import Any

import probatio
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryData
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

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
from .subentry import Fields, Form, SubentryFormFlow

# What a quipgen server takes.
LONGEST = {CONF_NAME: 100, CONF_DESCRIPTION: 1000, CONF_VOICE: 100}
VOICE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_+-]*)?")


def _text(*, multiline: bool = False) -> probatio.All[Any]:
    return probatio.All(TextSelector(TextSelectorConfig(multiline=multiline)), probatio.Strip)


def _count(lowest: int, highest: int) -> probatio.All[Any]:
    box = NumberSelectorConfig(min=lowest, max=highest, mode=NumberSelectorMode.BOX)
    return probatio.All(NumberSelector(box), probatio.Coerce(int))


SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_NAME): _text(),
        probatio.Optional(CONF_DESCRIPTION): _text(multiline=True),
        probatio.Required(CONF_TONE, default=Tone.SUNNY.value): SelectSelector(
            SelectSelectorConfig(
                options=list(Tone),
                translation_key=CONF_TONE,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
        probatio.Optional(CONF_VOICE): _text(),
        probatio.Required(CONF_TARGET, default=DEFAULT_TARGET): _count(1, 200),
        probatio.Required(CONF_LOW_WATER, default=DEFAULT_LOW_WATER): _count(0, 199),
        probatio.Required(CONF_WHEN_EMPTY, default=WhenEmpty.REPEAT.value): SelectSelector(
            SelectSelectorConfig(options=list(WhenEmpty), translation_key=CONF_WHEN_EMPTY)
        ),
    }
)


def first_persona() -> ConfigSubentryData:
    """Return the persona that every household starts with."""
    fields = _to_fields(
        SCHEMA(
            {
                CONF_NAME: "Squeak",
                CONF_DESCRIPTION: "A front door with a sunny disposition. It loves to be opened, "
                "is proud of its hinges, and takes its work a little too seriously.",
            }
        )
    )
    return ConfigSubentryData(subentry_type=SUBENTRY_PERSONA, **fields)


class PersonaFlow(SubentryFormFlow):
    """Adds or changes a persona."""

    def _schema(self, errors: dict[str, str]) -> probatio.Schema:  # noqa: ARG002
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

    def _fields(self, form: Form) -> Fields:
        return _to_fields(form)


def _to_fields(form: Form) -> Fields:
    texts = {CONF_DESCRIPTION: "", CONF_VOICE: ""}
    settings = {key: value for key, value in form.items() if key != CONF_NAME}
    return Fields(title=form[CONF_NAME], data=texts | settings, unique_id=None)
