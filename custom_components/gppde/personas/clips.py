"""The clips that personas speak like. A voice is personal data: it goes with who speaks by it."""

import asyncio
import logging
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers.singleton import singleton
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_CLIP, DOMAIN, SUBENTRY_PERSONA
from ..errors import StockError
from .clip_folder import ClipFolder

FOLDER = "voices"
"""Beside the stocks, whose names are ids that Home Assistant draws."""

_LOGGER = logging.getLogger(__name__)


class Clips:
    """Keeps a clip for as long as a persona names it.

    A flow names its clip in the turn of the event loop in which `add` returns, so that no sweep
    comes between the two.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._folder = ClipFolder(Path(hass.config.path(DOMAIN, FOLDER)))
        self._disk = asyncio.Lock()

    async def add(self, content: bytes, kind: str) -> str:
        """Store a clip and return its name; `kind` is wav, mp3 or flac. Raises StockError."""
        async with self._disk:
            return await self._hass.async_add_executor_job(self._folder.add, content, kind)

    async def read(self, name: str) -> bytes:
        """Return what a clip holds. Raises ClipMissingError."""
        return await self._hass.async_add_executor_job(self._folder.read, name)

    async def sweep(self) -> None:
        """Delete what no persona names any more."""
        async with self._disk:
            try:
                await self._hass.async_add_executor_job(self._folder.keep_only, self._named())
            except StockError as error:
                _LOGGER.warning("Clips that nobody speaks like could not be deleted: %s", error)

    def _named(self) -> set[str]:
        return {
            persona.data[CONF_CLIP]
            for entry in self._hass.config_entries.async_entries(DOMAIN)
            for persona in entry.get_subentries_of_type(SUBENTRY_PERSONA)
            if CONF_CLIP in persona.data
        }


@singleton(HassKey[Clips](f"{DOMAIN}_clips"))
def clips(hass: HomeAssistant) -> Clips:
    """Return the one that all share: a flow may add a clip before anything is set up."""
    return Clips(hass)
