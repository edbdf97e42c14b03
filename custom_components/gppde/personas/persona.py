"""A persona at run time: who speaks, and the stock it speaks from."""

from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send

from ..const import (
    CONF_CLIP,
    CONF_DESCRIPTION,
    CONF_LOW_WATER,
    CONF_TARGET,
    CONF_TONE,
    CONF_VOICE,
    CONF_WHEN_EMPTY,
    DOMAIN,
    StockLevel,
    Tone,
    WhenEmpty,
)
from ..quips.quip import Quip
from ..quips.stock import Stock
from ..sources import Brief
from .clips import clips


def stocks_folder(hass: HomeAssistant) -> Path:
    """Return the folder that holds one stock per persona."""
    return Path(hass.config.path(DOMAIN))


@dataclass(eq=False, kw_only=True)
class Persona:
    """Who speaks. `id` is the subentry's, and names the folder of the stock.

    `clip_name` names the clip to speak like, if there is one.
    """

    hass: HomeAssistant
    id: str
    brief: Brief
    target: int
    low_water: int
    when_empty: WhenEmpty
    clip_name: str | None
    stock: Stock = field(repr=False)

    @classmethod
    def from_subentry(cls, hass: HomeAssistant, subentry: ConfigSubentry) -> Self:
        """Build the persona that a subentry describes; its stock is not loaded yet."""
        settings: MappingProxyType[str, Any] = subentry.data
        return cls(
            hass=hass,
            id=subentry.subentry_id,
            brief=Brief(
                name=subentry.title,
                description=settings[CONF_DESCRIPTION],
                tone=Tone(settings[CONF_TONE]),
                voice=settings[CONF_VOICE],
            ),
            target=settings[CONF_TARGET],
            low_water=settings[CONF_LOW_WATER],
            when_empty=WhenEmpty(settings[CONF_WHEN_EMPTY]),
            clip_name=settings.get(CONF_CLIP),
            stock=Stock(stocks_folder(hass) / subentry.subentry_id, hass.async_add_executor_job),
        )

    @property
    def signal(self) -> str:
        """Dispatched, without arguments, whenever the stock changed."""
        return f"{DOMAIN}_stock_{self.id}"

    @property
    def is_low(self) -> bool:
        """Whether the stock is at its low-water mark or below."""
        return self.stock.fresh_count <= self.low_water

    @property
    def level(self) -> StockLevel:
        """How well stocked it is, in a word."""
        if not self.stock.fresh_count:
            return StockLevel.EMPTY
        return StockLevel.LOW if self.is_low else StockLevel.PLENTY

    @property
    def missing(self) -> int:
        """How many quips a full stock lacks."""
        return max(0, self.target - self.stock.fresh_count)

    async def clip(self) -> bytes | None:
        """Read the clip to speak like, if there is one. Raises ClipMissingError."""
        return await clips(self.hass).read(self.clip_name) if self.clip_name else None

    @callback
    def draw(self) -> Quip | None:
        """Take the next quip from memory: a fresh one, else as the persona's owner chose."""
        return self.stock.draw(repeat=self.when_empty is WhenEmpty.REPEAT)

    @callback
    def changed(self) -> None:
        """Tell everybody who shows or fills the stock that it changed."""
        async_dispatcher_send(self.hass, self.signal)
