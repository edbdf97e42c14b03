"""Voice: what a person can say to any assistant, in each language that has a file here."""

import logging
from typing import Any

from homeassistant.const import EVENT_COMPONENT_LOADED
from homeassistant.core import CALLBACK_TYPE, Context, Event, HomeAssistant, callback
from homeassistant.helpers.script import ScriptRunResult
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.trigger import async_initialize_triggers, async_validate_trigger_config
from homeassistant.setup import EventComponentLoaded

from ..const import DOMAIN
from ..data import GppdeConfigEntry
from .deeds import do
from .directory import Directory
from .languages import Deed, async_get_languages
from .replies import reply
from .request import Request

CONVERSATION = "conversation"

_LOGGER = logging.getLogger(__name__)


@callback
def async_start_voice(hass: HomeAssistant, entry: GppdeConfigEntry) -> CALLBACK_TYPE:
    """Understand sentences once Home Assistant has started; return what ends it."""
    voice = Voice(hass, entry)
    voice.start()
    return voice.stop


class Voice:
    """Listens to the sentences of all languages, since they are bound to none."""

    def __init__(self, hass: HomeAssistant, entry: GppdeConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._stops: list[CALLBACK_TYPE] = []
        self._is_stopped = False

    @callback
    def start(self) -> None:
        """Begin, but not before the start of Home Assistant is done with: nobody talks yet."""
        self._stops.append(async_at_started(self._hass, self._begin))

    @callback
    def stop(self) -> None:
        """Listen no more."""
        self._is_stopped = True
        self._clear()

    @callback
    def _clear(self) -> None:
        while self._stops:
            self._stops.pop()()

    async def _begin(self, _: HomeAssistant) -> None:
        if CONVERSATION in self._hass.config.components:
            await self._listen()
        else:
            self._stops.append(self._hass.bus.async_listen(EVENT_COMPONENT_LOADED, self._loaded))

    async def _loaded(self, event: Event[EventComponentLoaded]) -> None:
        if event.data["component"] == CONVERSATION:
            self._clear()
            await self._listen()

    async def _listen(self) -> None:
        self._languages = await async_get_languages(self._hass)
        triggers = [
            {"platform": CONVERSATION, "id": deed, "command": self._sentences(deed)}
            for deed in Deed
        ]
        triggers = await async_validate_trigger_config(self._hass, triggers)
        forget = await async_initialize_triggers(
            self._hass, triggers, self._answer, DOMAIN, "voice", _LOGGER.log
        )
        if forget:
            self._stops.append(forget)
        if self._is_stopped:
            self._clear()
        else:
            self._directory = Directory(self._hass, self._entry, self._languages.values())

    def _sentences(self, deed: Deed) -> list[str]:
        """Return those of all languages, so that the same words in two mean one deed, done once."""
        sentences = (each.sentences[deed] for each in self._languages.values())
        return sorted({it for each in sentences for it in each})

    async def _answer(
        self,
        run_variables: dict[str, Any],
        context: Context | None = None,  # noqa: ARG002 - a conversation has its own
    ) -> ScriptRunResult:
        trigger = run_variables["trigger"]
        heard = trigger["user_input"]
        request = Request(
            hass=self._hass,
            entry=self._entry,
            directory=self._directory,
            name=trigger["slots"].get("name"),
            context=Context(**heard["context"]),
        )
        answers = await do(Deed(trigger["id"]), request)
        speech = reply(self._languages, heard["language"], answers)
        return ScriptRunResult(speech, None, {})
