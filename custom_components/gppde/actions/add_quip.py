"""The action `gppde.add_quip`: a line of a person's own, spoken by text-to-speech."""

import asyncio

import voluptuous as vol
from homeassistant.components import tts
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_LANGUAGE
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv

from ..causes import told
from ..const import CONF_PERSONA, CONF_VOICE, DOMAIN
from ..errors import EngineMissingError, SpeechError, StockError
from ..mood import Line, mood_of
from ..personas.persona import Persona
from ..personas.stock_issues import clear_stock_issues, raise_stock_issue
from ..quips.quip import Quip, speakable
from ..sources.assist_settings import CONF_STAND_IN, CONF_TTS
from ..sources.speech import quip_spoken, speak_text, spoken_language
from .targets import loaded_entry, personas_named

ACTION_ADD_QUIP = "add_quip"
CONF_TEXT = "text"
CONF_ENGINE = "engine"
LONGEST = 500
"""Characters, which take about half a minute to say."""

_SCHEMA = vol.Schema(
    {
        vol.Required(CONF_PERSONA): vol.All(cv.ensure_list, [cv.string], vol.Length(min=1, max=1)),
        vol.Required(CONF_TEXT): cv.string,
        vol.Optional(CONF_ENGINE): cv.entity_id,
        vol.Optional(CONF_LANGUAGE): cv.string,
        vol.Optional(CONF_VOICE): cv.string,
    }
)


@callback
def async_setup_add_quip(hass: HomeAssistant) -> None:
    """Register it."""
    hass.services.async_register(
        DOMAIN,
        ACTION_ADD_QUIP,
        _add_quip,
        _SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _add_quip(call: ServiceCall) -> ServiceResponse:
    """Answer `{"uuid"}` of the new quip, which is on disk then, and fresh."""
    entry = loaded_entry(call.hass)
    [persona] = personas_named(call, entry.runtime_data)
    text = _text(call)
    engine = call.data.get(CONF_ENGINE) or _usual_engine(call.hass, entry)
    try:
        quip, mp3 = await _speak(call, persona, text, engine)
    except SpeechError as error:
        raise await _in_words(call.hass, error) from error
    await _store(persona, quip, mp3)
    return {"uuid": quip.uuid}


def _text(call: ServiceCall) -> str:
    text: str = call.data[CONF_TEXT]
    if not (spoken := speakable(text)):
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="text_empty")
    if len(spoken) > LONGEST:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="text_too_long",
            translation_placeholders={"length": str(len(text)), "most": str(LONGEST)},
        )
    return spoken


def _usual_engine(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the one that was chosen for GPPDE, else Home Assistant's first."""
    for chosen in (entry.data, entry.options.get(CONF_STAND_IN, {})):
        if engine := chosen.get(CONF_TTS):
            return str(engine)
    engine = tts.async_default_engine(hass) if tts.DOMAIN in hass.config.components else None
    if engine is None:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_engine")
    return engine


async def _speak(call: ServiceCall, persona: Persona, text: str, engine: str) -> tuple[Quip, bytes]:
    language = spoken_language(call.hass, engine, call.data.get(CONF_LANGUAGE))
    mp3 = await speak_text(call.hass, text, engine, language, call.data.get(CONF_VOICE))

    def described() -> Quip:
        line = Line(text, mood_of(text, language))
        return quip_spoken(persona.brief, line, mp3, model="", voice=engine)

    return await asyncio.to_thread(described), mp3


async def _store(persona: Persona, quip: Quip, mp3: bytes) -> None:
    try:
        await persona.stock.add(quip, mp3)
    except StockError as error:
        raise_stock_issue(persona, error)
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="quip_not_stored",
            translation_placeholders={
                "persona": persona.brief.name,
                "error": await told(persona.hass, error),
            },
        ) from error
    clear_stock_issues(persona)
    persona.changed()


async def _in_words(hass: HomeAssistant, error: SpeechError) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key="no_such_engine" if isinstance(error, EngineMissingError) else "not_spoken",
        translation_placeholders={"error": await told(hass, error)},
    )
