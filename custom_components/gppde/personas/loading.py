"""The personas of an entry, each with its stock read from disk."""

from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ..const import SUBENTRY_PERSONA
from ..errors import StockError
from ..quips.starter import fill
from .persona import Persona, stocks_folder
from .stock_issues import clear_stock_issues, raise_stock_issue, raise_unreadable


async def load_personas(hass: HomeAssistant, entry: ConfigEntry[Any]) -> dict[str, Persona]:
    """Return the personas by subentry id; while none has a stock, the first gets the starter pack.

    A persona whose stock cannot be used is there all the same, with what could be had.
    """
    subentries = list(entry.get_subentries_of_type(SUBENTRY_PERSONA))
    folders = [stocks_folder(hass) / subentry.subentry_id for subentry in subentries]
    is_first_start = await hass.async_add_executor_job(_are_missing, folders)
    personas: dict[str, Persona] = {}
    for subentry in subentries:
        persona = Persona.from_subentry(hass, subentry)
        await _load(persona, with_starter_pack=is_first_start and not personas)
        personas[persona.id] = persona
    return personas


async def _load(persona: Persona, *, with_starter_pack: bool) -> None:
    try:
        report = await persona.stock.load()
        if with_starter_pack:
            await fill(persona.stock)
    except StockError as error:
        raise_stock_issue(persona, error)
    else:
        clear_stock_issues(persona)
        raise_unreadable(persona, report.set_aside)


def _are_missing(folders: list[Path]) -> bool:
    return not any(folder.is_dir() for folder in folders)
