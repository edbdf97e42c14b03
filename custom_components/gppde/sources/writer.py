"""Has an AI Task entity write lines."""

import asyncio

import voluptuous as vol
from homeassistant.components import ai_task
from homeassistant.const import ATTR_SUPPORTED_FEATURES, STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig

from ..errors import SourceError

PATIENCE = 5 * 60
"""Seconds for one answer: a model at home on a small machine takes its time."""
MOST_READ = 100
LONGEST_READ = 100_000
LINES = "lines"

STRUCTURE = vol.Schema(
    {
        vol.Required(LINES, description="The lines, each as it is to be spoken"): TextSelector(
            TextSelectorConfig(multiple=True)
        )
    }
)


@callback
def writers(hass: HomeAssistant) -> list[str]:
    """Return the AI Task entities that can write, for some make images only."""
    return [state.entity_id for state in hass.states.async_all(ai_task.DOMAIN) if _can_write(state)]


def _can_write(state: State) -> bool:
    features: int = state.attributes.get(ATTR_SUPPORTED_FEATURES, 0)
    writes = bool(features & ai_task.AITaskEntityFeature.GENERATE_DATA)
    return writes and state.state != STATE_UNAVAILABLE


async def write(hass: HomeAssistant, writer: str, instructions: str) -> list[str]:
    """Return the lines in a writer's answer: raw, maybe none, at most MOST_READ.

    Raises SourceError.
    """
    state = hass.states.get(writer)
    if state is None or state.state == STATE_UNAVAILABLE:
        raise SourceError(
            "There is no AI Task entity {writer}, or it is unavailable.", writer=writer
        )
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await ai_task.async_generate_data(
                hass,
                task_name="Lines for a door",
                entity_id=writer,
                instructions=instructions,
                structure=STRUCTURE,
            )
    except TimeoutError as error:
        raise SourceError(
            "{writer} did not answer within {seconds} seconds.", writer=writer, seconds=PATIENCE
        ) from error
    except Exception as error:  # a writer's integration may raise anything
        reason = str(error) or type(error).__name__
        raise SourceError(
            "{writer} wrote nothing: {reason}", writer=writer, reason=reason
        ) from error
    return lines_of(answer.data)


def lines_of(answer: object) -> list[str]:
    """Return the lines of an answer, be it in the structure, a bare list or one text."""
    if isinstance(answer, dict):
        answer = answer.get(LINES)
    if isinstance(answer, str):
        answer = answer[:LONGEST_READ].splitlines()
    if not isinstance(answer, list):
        return []
    return [line for line in answer[:MOST_READ] if isinstance(line, str)]
