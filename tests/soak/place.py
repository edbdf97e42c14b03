"""The place where the household lives: its players, and who passes its doors."""

from collections.abc import Callable
from dataclasses import dataclass

from .household import Days
from .players import Player
from .satellite import Stairs


@dataclass(slots=True)
class Place:
    """`tell` is told what happens."""

    kitchen: Player
    attic: Player
    stairs: Stairs
    days: Days
    tell: Callable[[str], None]

    async def is_silent(self) -> bool:
        """Tell whether both music players are silent."""
        return await self.kitchen.is_silent() and await self.attic.is_silent()
