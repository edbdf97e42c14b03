"""Home Assistant's own AI writes, its own voice speaks: no server at all."""

import asyncio
from contextlib import aclosing

from homeassistant.core import HomeAssistant

from ..errors import SourceError, SpeechError
from ..mood import Line
from ..quips.archive import Dropped
from . import Events, Keep, Made, Order, Progress, Ticket, writer
from .assist_settings import AssistSettings
from .author import Author
from .speech import quip_spoken, speak_text, spoken_language, voices

FAILURES = 2
"""In a row: so often the engine may fail at a line before it is given up."""
LONGEST_NAME = 80


class AssistSource:
    """Has an AI Task entity write, and a text-to-speech engine speak the best of it."""

    def __init__(self, hass: HomeAssistant, settings: AssistSettings) -> None:
        self._hass = hass
        self._settings = settings

    async def make(
        self,
        order: Order,
        ticket: Ticket | None,  # noqa: ARG002  nothing is begun that a crash could leave behind
        keep: Keep,  # noqa: ARG002
    ) -> Events:
        """Make what is ordered, or as much as comes of a bounded effort.

        What fails once something was made is no error, but the reason why there is no more.
        """
        made = 0
        try:
            async with aclosing(self._make(order)) as events:
                async for event in events:
                    made += isinstance(event, Made)
                    yield event
        except (SourceError, SpeechError) as error:
            if not made:
                raise SourceError("{error}", error=error.words) from error
            yield Progress("ended early", made, order.count, trouble=error.words)

    async def _make(self, order: Order) -> Events:
        # First of all, for what is written may cost, and would be in vain without a voice.
        language = spoken_language(self._hass, self._settings.tts, self._settings.language)
        author = Author(self._hass, self._settings.ai_task, order, language)
        left, failures = order.count, 0
        while left:
            patience = writer.PATIENCE + 30
            yield Progress(author.stage, order.count - left, order.count, patience=patience)
            for line in await author.write(left):
                try:
                    made = await self._spoken(order, line, language)
                except SpeechError as error:
                    failures += 1
                    if failures == FAILURES:
                        raise
                    yield Dropped(line.text[:LONGEST_NAME], error.words)
                else:
                    left, failures = left - 1, 0
                    yield made

    async def _spoken(self, order: Order, line: Line, language: str) -> Made:
        settings, voice = self._settings, self._voice(order, language)
        mp3 = await speak_text(self._hass, line.text, settings.tts, language, voice)
        model, engine = settings.ai_task, settings.tts
        quip = await asyncio.to_thread(
            quip_spoken, order.brief, line, mp3, model=model, voice=engine
        )
        return Made(quip, mp3)

    def _voice(self, order: Order, language: str) -> str | None:
        """Return the persona's own where this engine has it, for it may be one of a server's."""
        own, settings = order.brief.voice, self._settings
        return own if own in voices(self._hass, settings.tts, language) else settings.voice
