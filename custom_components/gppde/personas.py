"""The personas of an entry, each with its stock read from disk."""

from pathlib import Path

from homeassistant.core import HomeAssistant

from .clips import FOLDER as CLIPS_FOLDER
from .const import SUBENTRY_PERSONA
from .data import GppdeConfigEntry
from .errors import StockError
from .persona import Persona, stocks_folder
from .starter import fill
from .stock_issues import clear_stock_issues, raise_stock_issue, raise_unreadable


async def load_personas(hass: HomeAssistant, entry: GppdeConfigEntry) -> dict[str, Persona]:
    """Return the personas by subentry id; the very first stock ever gets the starter pack.

    A persona whose stock cannot be used is there all the same, with what could be had.
    """
    is_first_start = await hass.async_add_executor_job(_holds_no_stock, stocks_folder(hass))
    personas: dict[str, Persona] = {}
    for subentry in entry.get_subentries_of_type(SUBENTRY_PERSONA):
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


def _holds_no_stock(folder: Path) -> bool:
    if not folder.is_dir():
        return True
    return not any(it.is_dir() for it in folder.iterdir() if it.name != CLIPS_FOLDER)
