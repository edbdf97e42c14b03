"""The form of who writes and who speaks, tried before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import voluptuous as vol
from homeassistant.components import tts
from homeassistant.components.ai_task import DOMAIN as AI_TASK
from homeassistant.components.ai_task.const import DATA_PREFERENCES
from homeassistant.const import CONF_LANGUAGE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    LanguageSelector,
    LanguageSelectorConfig,
)

from ..causes import told
from ..const import CONF_VOICE
from ..errors import EngineMissingError, LanguageError, SpeechError, VoiceError
from ..sources.assist_settings import ASSIST_KEYS, CONF_AI_TASK, CONF_TTS
from ..sources.speech import speak_text
from ..sources.writer import writers
from .fields import text

TRIAL = "GPPDE."
"""What an engine is asked to say: a word in any language, and cheap."""

WRITER = EntitySelector(
    EntitySelectorConfig(
        domain=AI_TASK,
        filter=EntityWithDeviceFilterSelectorConfig(
            domain=AI_TASK, supported_features=["ai_task.AITaskEntityFeature.GENERATE_DATA"]
        ),
    )
)
ENGINE = EntitySelector(EntitySelectorConfig(domain=tts.DOMAIN))

type Form = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AssistTrial:
    """What came of it: `errors` by field, empty where all is well."""

    errors: dict[str, str] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)


def assist_schema(hass: HomeAssistant) -> vol.Schema:
    """Return the form. Nothing in it is required, so that what is missing can be explained."""
    return vol.Schema(
        {
            vol.Optional(CONF_AI_TASK): WRITER,
            vol.Optional(CONF_TTS): ENGINE,
            vol.Optional(CONF_LANGUAGE): LanguageSelector(
                LanguageSelectorConfig(languages=_languages(hass))
            ),
            vol.Optional(CONF_VOICE): text(),
        }
    )


@callback
def preferred(hass: HomeAssistant) -> dict[str, str]:
    """Return what Home Assistant would take, as far as there is something."""
    found = {CONF_AI_TASK: _preferred_writer(hass), CONF_TTS: _preferred_engine(hass)}
    return {key: id_ for key, id_ in found.items() if id_}


def chosen(form: Form) -> dict[str, str]:
    """Return what was filled in."""
    return {key: form[key] for key in ASSIST_KEYS if form.get(key)}


async def try_assist(hass: HomeAssistant, form: Form) -> AssistTrial:
    """Look whether somebody writes, and let the engine say a word. Nothing is written: it may cost.

    What there is none of at all is told in other words than what was not chosen.
    """
    errors = {}
    if form.get(CONF_AI_TASK) not in (there := writers(hass)):
        errors[CONF_AI_TASK] = "no_such_writer" if there else "no_writer"
    if not form.get(CONF_TTS):
        errors[CONF_TTS] = "no_such_engine" if _preferred_engine(hass) else "no_engine"
    return AssistTrial(errors) if errors else await _try_voice(hass, form)


async def _try_voice(hass: HomeAssistant, form: Form) -> AssistTrial:
    language, voice = form.get(CONF_LANGUAGE), form.get(CONF_VOICE)
    try:
        await speak_text(hass, TRIAL, form[CONF_TTS], language, voice)
    except SpeechError as error:
        place, key = _explain(error)
        return AssistTrial({place: key}, {"error": await told(hass, error)})
    return AssistTrial()


def _explain(error: SpeechError) -> tuple[str, str]:
    match error:
        case EngineMissingError():
            return CONF_TTS, "no_such_engine"
        case LanguageError():
            return CONF_LANGUAGE, "language_unknown"
        case VoiceError():
            return CONF_VOICE, "voice_unknown"
        case _:
            return CONF_TTS, "engine_failed"


def _preferred_writer(hass: HomeAssistant) -> str | None:
    there = writers(hass)
    preferences = hass.data.get(DATA_PREFERENCES)
    favourite = preferences.gen_data_entity_id if preferences else None
    return favourite if favourite in there else next(iter(there), None)


def _preferred_engine(hass: HomeAssistant) -> str | None:
    """Return an entity: engines of the old kind, from YAML, cannot be chosen here."""
    there = hass.states.async_entity_ids(tts.DOMAIN)
    favourite = tts.async_default_engine(hass) if there else None
    return favourite if favourite in there else next(iter(there), None)


def _languages(hass: HomeAssistant) -> list[str]:
    if tts.DOMAIN not in hass.config.components:
        return []
    return sorted(tts.async_get_text_to_speech_languages(hass))
