"""Looks after the stocks' folders: what a person puts there is adopted, what is broken is told."""

import asyncio
from collections.abc import Collection
from datetime import datetime, timedelta

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ..errors import StockError
from .persona import Persona
from .stock_issues import raise_stock_issue, raise_unreadable

INTERVAL = timedelta(minutes=1)


class Rescan:
    """Looks at each stock once a minute, never twice at a time."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, personas: Collection[Persona]
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._personas = personas
        self._task: asyncio.Task[None] | None = None

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Begin; return what ends it."""
        return async_track_time_interval(
            self._hass, self._look, INTERVAL, name="gppde rescan", cancel_on_shutdown=True
        )

    @callback
    def _look(self, _: datetime) -> None:
        if self._task is None or self._task.done():
            self._task = self._entry.async_create_background_task(
                self._hass, self._rescan(), "gppde rescan"
            )

    async def _rescan(self) -> None:
        for persona in self._personas:
            before = _counts(persona)
            try:
                report = await persona.stock.rescan()
            except StockError as error:
                raise_stock_issue(persona, error)
            else:
                raise_unreadable(persona, report.set_aside)
            if _counts(persona) != before:
                persona.changed()


def _counts(persona: Persona) -> tuple[int, int]:
    return persona.stock.fresh_count, persona.stock.stale_count
