"""The form of what a person may choose about instances, and about what they cost."""

from enum import StrEnum
from typing import Any

import voluptuous as vol
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..aws.prices import PRICES
from ..ec2.settings import (
    CONF_BUDGET,
    CONF_CEILING,
    CONF_HOME_ADDRESS,
    CONF_IMAGE,
    CONF_MODEL,
    CONF_PACKAGE,
    CONF_SPOT_FIRST,
    CONF_TYPES,
    CONF_VOICE_ENGINE,
    DEFAULTS,
)
from ..issues import clear_issue
from .ec2_choices import choice_errors
from .fields import choice_of, text
from .stand_in_options import STAND_IN_FIELDS, StandInOptions

TEXTS = (CONF_PACKAGE, CONF_MODEL, CONF_HOME_ADDRESS)

type Form = dict[str, Any]


class VoiceEngine(StrEnum):
    """What the quipgen server speaks with."""

    ESPEAK = "espeak-ng"
    POCKET = "pocket-tts"


def _dollars(per: str) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=0,
            max=1000,
            step=0.01,
            mode=NumberSelectorMode.BOX,
            unit_of_measurement=f"USD/{per}",
        )
    )


SCHEMA = vol.Schema(
    {
        vol.Required(CONF_TYPES): SelectSelector(
            SelectSelectorConfig(
                options=list(PRICES),
                multiple=True,
                custom_value=True,
                mode=SelectSelectorMode.DROPDOWN,
            )
        ),
        vol.Required(CONF_SPOT_FIRST): BooleanSelector(),
        vol.Required(CONF_CEILING): _dollars("h"),
        vol.Required(CONF_BUDGET): _dollars("month"),
        vol.Required(CONF_IMAGE): text(),
        vol.Optional(CONF_PACKAGE): text(),
        vol.Optional(CONF_MODEL): text(),
        vol.Required(CONF_VOICE_ENGINE): choice_of(VoiceEngine, CONF_VOICE_ENGINE),
        vol.Optional(CONF_HOME_ADDRESS): text(),
        **STAND_IN_FIELDS,
    }
)


class Ec2OptionsFlow(StandInOptions):
    """Changes the options."""

    async def async_step_init(self, form: Form | None = None) -> ConfigFlowResult:
        """Ask until the answers make sense."""
        if form is None:
            return self._show(DEFAULTS | self.config_entry.options | self.stands_in)
        options: Form = {**dict.fromkeys(TEXTS, ""), **form}
        options[CONF_TYPES] = _in_order(form[CONF_TYPES])
        errors, placeholders = choice_errors(options)
        if errors:
            return self._show(options, errors, placeholders)
        clear_issue(self.hass, "budget_spent")  # which is raised anew where that is no help
        return await self.keep(options)

    def _show(
        self,
        options: Form,
        errors: dict[str, str] | None = None,
        placeholders: dict[str, str] | None = None,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(SCHEMA, options),
            errors=errors,
            description_placeholders=placeholders,
        )


def _in_order(types: list[str]) -> list[str]:
    return list(dict.fromkeys(stripped for each in types if (stripped := each.strip())))
