"""Assist as a person meets it: a pipeline for each language, asked in text over the websocket."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from custom_components.gppde.const import Tone
from custom_components.gppde.voice.languages import load_languages

LANGUAGES = load_languages()
AGENT = "conversation.home_assistant"
_NOTHING = dict.fromkeys(
    [
        "stt_engine",
        "stt_language",
        "tts_engine",
        "tts_language",
        "tts_voice",
        "wake_word_entity",
        "wake_word_id",
    ]
)


class Assistant:
    """Listens, and answers."""

    def __init__(self, hass: HomeAssistant, client: MockHAClientWebSocket) -> None:
        self.hass = hass
        self._client = client
        self._pipelines: dict[str, str] = {}

    async def ask(self, text: str, language: str = "en") -> str:
        """Run the pipeline of a language, and return what it would speak."""
        if language not in self._pipelines:
            self._pipelines[language] = await self._add_pipeline(language)
        await self._client.send_json_auto_id(
            {
                "type": "assist_pipeline/run",
                "start_stage": "intent",
                "end_stage": "intent",
                "pipeline": self._pipelines[language],
                "input": {"text": text},
            }
        )
        answer = await self._until("intent-end")
        await self._until("run-end")
        speech: str = answer["intent_output"]["response"]["speech"]["plain"]["speech"]
        return speech

    async def chat(self, text: str, language: str = "en") -> str:
        """Ask without a pipeline, as anybody may who is logged in."""
        await self._client.send_json_auto_id(
            {"type": "conversation/process", "text": text, "language": language}
        )
        answer = (await self._client.receive_json())["result"]
        speech: str = answer["response"]["speech"]["plain"]["speech"]
        return speech

    async def hears(self, text: str, language: str = "en") -> bool:
        """Tell whether a sentence is understood, without doing what it says."""
        await self._client.send_json_auto_id(
            {
                "type": "conversation/agent/homeassistant/debug",
                "sentences": [text],
                "language": language,
            }
        )
        [result] = (await self._client.receive_json())["result"]["results"]
        return bool(result and result["match"])

    async def _add_pipeline(self, language: str) -> str:
        await self._client.send_json_auto_id(
            {
                "type": "assist_pipeline/pipeline/create",
                "name": language,
                "conversation_engine": AGENT,
                "conversation_language": language,
                "language": language,
                **_NOTHING,
            }
        )
        id_: str = (await self._client.receive_json())["result"]["id"]
        return id_

    async def _until(self, kind: str) -> dict[str, Any]:
        while True:
            message = await self._client.receive_json()
            if message["type"] == "event" and message["event"]["type"] == kind:
                data: dict[str, Any] = message["event"]["data"] or {}
                return data
            assert message.get("success", True), message


async def meet_assistant(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, *token: str
) -> Assistant:
    """Set Assist up and log in, as the owner unless another token is given."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "assist_pipeline", {})
    await hass.async_block_till_done()
    return Assistant(hass, await hass_ws_client(hass, *token))


def replies(language: str, key: str, tone: Tone | None = Tone.SUNNY, **words: Any) -> set[str]:
    """Return all that may be said with one meaning; names are given as they are joined."""
    variants = LANGUAGES[language].replies[key]
    given = {"who": "", "known": "", "heard": "", "count": 0} | words
    return {text.format(**given) for text in variants.get(tone or "any", variants["any"])}
