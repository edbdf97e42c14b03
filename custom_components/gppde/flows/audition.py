"""Lets a door speak before it is added, and tells in words how that went."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.network import NoURLAvailableError, get_url

from ..const import CONF_PERSONA, CONF_PLAYERS
from ..data import GppdeConfigEntry
from ..doors.door import Door, DoorConfig, Silence, Spoken, Unspoken
from ..option_texts import option_texts
from ..quips.quip import Quip
from ..speaking.player_call import PlayerAwayError, PlayerError, PlayerSilentError
from ..speaking.players import members
from ..speaking.speaker import Speaker

SENTENCES = "audition"
FETCH_PATIENCE = 3.0
"""Seconds in which a player that can reach Home Assistant has begun to fetch what it took."""
LOOK_EVERY = 0.1


class Hearing(Enum):
    """How far a line came; what was taken is not fetched yet."""

    HEARD = auto()
    TAKEN = auto()
    UNHEARD = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it, and what a person is told: `reasons` if nobody spoke, else `persona`,
    `player`, `text`, and the `url` at which the player has to reach Home Assistant.
    """

    hearing: Hearing
    placeholders: dict[str, str]


async def audition(hass: HomeAssistant, entry: GppdeConfigEntry, door: ConfigSubentry) -> Outcome:
    """Let the door of a loaded entry say the next line, whether or not it was added already."""
    data = entry.runtime_data
    config, persona = DoorConfig.from_subentry(door), data.personas[door.data[CONF_PERSONA]]
    news = await Door(hass, entry, door.subentry_id, config, persona, data.speaker).try_out()
    if isinstance(news, Unspoken):
        reasons = await _reasons(hass, data.speaker, door, news, persona.brief.name)
        return Outcome(Hearing.UNHEARD, {"reasons": reasons})
    hearing = Hearing.HEARD if await _is_fetched(data.speaker, news.quip) else Hearing.TAKEN
    return Outcome(hearing, _said(hass, news, persona.brief.name))


async def _is_fetched(speaker: Speaker, quip: Quip) -> bool:
    for _ in range(round(FETCH_PATIENCE / LOOK_EVERY)):
        if speaker.is_heard(quip):
            return True
        await asyncio.sleep(LOOK_EVERY)
    return speaker.is_heard(quip)


def _said(hass: HomeAssistant, news: Spoken, persona: str) -> dict[str, str]:
    return {
        "persona": persona,
        "player": _name(hass, news.player),
        "text": news.quip.text,
        "url": get_url(hass),
    }


async def _reasons(
    hass: HomeAssistant, speaker: Speaker, door: ConfigSubentry, news: Unspoken, persona: str
) -> str:
    sentences = await option_texts(hass, SENTENCES)
    lines = (
        sentences[key].format_map(placeholders | {"persona": persona})
        for key, placeholders in _why(hass, speaker, door.data[CONF_PLAYERS], news)
    )
    return "\n".join(f"- {line}" for line in lines)


def _why(
    hass: HomeAssistant, speaker: Speaker, players: list[str], news: Unspoken
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the key of a sentence, and what fills it, for each thing that stood in the way."""
    if news.reason is Silence.STOCK_EMPTY:
        yield "stock_empty", {}
    elif not _has_url(hass):
        yield "no_url", {}
    else:
        for group in (player for player in players if not members(hass, player)):
            yield "empty_group", {"player": _name(hass, group)}
        for player, trouble in speaker.troubles(players).items():
            yield _kind(trouble), {"player": _name(hass, player), "error": str(trouble)}


def _kind(trouble: PlayerError | None) -> str:
    match trouble:
        case PlayerAwayError():
            return "away"
        case PlayerSilentError():
            return "silent"
        case None:
            return "busy"
        case _:
            return "refused"


def _has_url(hass: HomeAssistant) -> bool:
    try:
        get_url(hass)
    except NoURLAvailableError:
        return False
    return True


def _name(hass: HomeAssistant, entity_id: str) -> str:
    state = hass.states.get(entity_id)
    return state.name if state else entity_id
