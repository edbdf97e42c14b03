"""Tools for language models: what one can ask of Assist, in whatever words."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import voluptuous as vol
from homeassistant.components.llm import LLMTools
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonValueType

from .const import DOMAIN
from .data import GppdeConfigEntry, running_entry
from .personas.persona import Persona
from .voice.answer import Answer, NotUnderstoodError
from .voice.deeds import do
from .voice.directory import Directory
from .voice.languages import FALLBACK, Deed, async_get_languages
from .voice.replies import reply
from .voice.request import Request

_LOOK = ToolAnnotations(read_only=True, destructive=False, idempotent=True, open_world=False)
_SPEAK = ToolAnnotations(destructive=False, open_world=False)
_ORDER = ToolAnnotations(destructive=False, open_world=True)


@callback
def async_get_tools(
    hass: HomeAssistant,
    llm_context: LLMContext,  # noqa: ARG001 - all that talk to Assist may ask the same
    api_id: str,
) -> LLMTools | None:
    """Offer the tools where Assist is offered, and say which doors and personas there are."""
    entry = running_entry(hass)
    if api_id != LLM_API_ASSIST or entry is None:
        return None
    tools = [RefillTool(entry), StockTool(entry), SayTool(entry), PersonaTool(entry)]
    return LLMTools(tools=[*tools], prompt=_prompt(entry))


class GppdeTool(Tool):
    """A tool about a persona or a door, or about all if `argument` is left out."""

    integration = DOMAIN
    argument = "persona"

    def __init__(self, entry: GppdeConfigEntry) -> None:
        self._entry = entry
        hint = f"Name of the {self.argument}. Leave it out if the user named none."
        self.parameters = vol.Schema({vol.Optional(self.argument, description=hint): cv.string})

    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Do it. Raises HomeAssistantError if GPPDE is not running any more."""
        if self._entry.state is not ConfigEntryState.LOADED:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="not_loaded")
        languages = await async_get_languages(hass)
        request = Request(
            hass=hass,
            entry=self._entry,
            directory=Directory(hass, self._entry, languages.values()),
            name=self.parameters(tool_input.tool_args).get(self.argument),
            context=llm_context.context,
        )
        try:
            return await self._call(request)
        except NotUnderstoodError as error:
            return await _told(hass, [error.answer])

    @abstractmethod
    async def _call(self, request: Request) -> ToolResult:
        """Do it."""


class RefillTool(GppdeTool):
    """Orders quips."""

    name = f"{DOMAIN}__refill"
    title = "Refill quips"
    description = (
        "Orders new quips (the lines that talking doors say) for one persona or for all. "
        "They are made in the background; say that they are ordered, not that they are there."
    )
    annotations = _ORDER

    async def _call(self, request: Request) -> ToolResult:
        return await _told(request.hass, await do(Deed.REFILL, request))


class SayTool(GppdeTool):
    """Lets a door speak."""

    name = f"{DOMAIN}__say"
    title = "Let a door say something"
    description = (
        "Makes a talking door say its next quip through its speaker. "
        "The door chooses the words; they cannot be given."
    )
    annotations = _SPEAK
    argument = "door"

    async def _call(self, request: Request) -> ToolResult:
        return await _told(request.hass, await do(Deed.SAY, request))


class StockTool(GppdeTool):
    """Counts quips."""

    name = f"{DOMAIN}__stock"
    title = "Count quips"
    description = "Tells how many quips one persona, or each, has left, and what the refill does."
    annotations = _LOOK

    async def _call(self, request: Request) -> ToolResult:
        personas = request.directory.personas(request.name)
        return ToolResult(
            {
                "stocks": [
                    {
                        "persona": persona.brief.name,
                        "fresh": persona.stock.fresh_count,
                        "said_before": persona.stock.stale_count,
                        "full_at": persona.target,
                    }
                    for persona in personas
                ],
                "refill": self._entry.runtime_data.refill.state.value,
            }
        )


class PersonaTool(GppdeTool):
    """Tells who speaks."""

    name = f"{DOMAIN}__persona"
    title = "Describe a door's persona"
    description = (
        "Tells who a talking door is: character, tone and doors of one persona, or of each."
    )
    annotations = _LOOK

    async def _call(self, request: Request) -> ToolResult:
        personas = request.directory.personas(request.name)
        return ToolResult({"personas": [self._describe(persona) for persona in personas]})

    def _describe(self, persona: Persona) -> dict[str, Any]:
        doors = self._entry.runtime_data.doors.values()
        return {
            "name": persona.brief.name,
            "description": persona.brief.description,
            "tone": persona.brief.tone.value,
            "doors": [door.name for door in doors if door.persona is persona],
        }


async def _told(hass: HomeAssistant, answers: Iterable[Answer]) -> ToolResult:
    languages = await async_get_languages(hass)
    results: list[JsonValueType] = [
        {
            "outcome": answer.key,
            "about": [*answer.who],
            "message": reply(languages, FALLBACK, [answer]),
        }
        for answer in answers
    ]
    return ToolResult({"results": results}, error=any(answer.is_failure for answer in answers))


def _prompt(entry: GppdeConfigEntry) -> str:
    data = entry.runtime_data
    doors = [f"{door.name} (persona {door.persona.brief.name})" for door in data.doors.values()]
    personas = [persona.brief.name for persona in data.personas.values()]
    return (
        "Some doors of this home can talk. What they say are quips, made ahead of time. "
        f"Talking doors: {', '.join(doors) or 'none'}. Personas: {', '.join(personas) or 'none'}."
    )
