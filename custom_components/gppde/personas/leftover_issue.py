"""Asks a person about the quips of personas that are gone."""

import logging

from homeassistant.core import HomeAssistant
from homeassistant.helpers.issue_registry import IssueSeverity

from ..const import DOMAIN, SUBENTRY_PERSONA
from ..errors import StockError
from ..issues import raise_issue
from ..quips.leftovers import Leftovers, delete_leftovers, find_leftovers, give_leftovers
from .clips import FOLDER as CLIPS_FOLDER
from .persona import Persona, stocks_folder

_LOGGER = logging.getLogger(__name__)


async def ask_about_leftovers(hass: HomeAssistant) -> str | None:
    """Raise the question, if there are quips that nobody owns; return what it is about."""
    try:
        leftovers = await hass.async_add_executor_job(
            find_leftovers, stocks_folder(hass), _owned(hass)
        )
    except StockError as error:
        _LOGGER.warning("Nobody can tell whether quips are left over: %s", error)
        return None
    return _raise(hass, leftovers) if leftovers else None


def _raise(hass: HomeAssistant, leftovers: Leftovers) -> str:
    raise_issue(
        hass,
        "quips_left",
        about=leftovers.key,
        severity=IssueSeverity.WARNING,
        count=str(leftovers.count),
        megabytes=f"{leftovers.size / 1e6:.1f}",
        folder=str(stocks_folder(hass)),
    )
    return leftovers.key


async def delete_quips(hass: HomeAssistant) -> None:
    """Delete what nobody owns at this moment. Raises StockError."""
    await hass.async_add_executor_job(delete_leftovers, stocks_folder(hass), _owned(hass))


async def give_quips(hass: HomeAssistant, persona: Persona) -> None:
    """Move what nobody owns into a persona's stock. Raises StockError."""
    stocks, owned = stocks_folder(hass), _owned(hass)
    await hass.async_add_executor_job(give_leftovers, stocks, owned, persona.id)
    await persona.stock.rescan()
    persona.changed()


def _owned(hass: HomeAssistant) -> set[str]:
    personas = {
        persona.subentry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        for persona in entry.get_subentries_of_type(SUBENTRY_PERSONA)
    }
    return {CLIPS_FOLDER, *personas}
