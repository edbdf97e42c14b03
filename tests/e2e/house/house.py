"""The whole house: who is in it, and in which order they come and go."""

import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from . import dashboard, gppde, home_assistant, mpd, quipgen, stock
from .flows import add_integration
from .ports import LOOPBACK
from .source import OpenSource, Source


@dataclass(frozen=True, slots=True)
class House:
    """Everything that runs, and where its files are."""

    folder: Path
    source: Source
    mpd: mpd.Mpd
    home_assistant: home_assistant.HomeAssistant
    gppde: gppde.Gppde

    def shelves(self) -> stock.Shelves:
        """Look into the stock of the first persona."""
        return stock.look(self.home_assistant.folder, self.gppde.persona_id)

    def keep_logs(self, folder: Path) -> None:
        """Copy what the programs wrote down, and what the player recorded."""
        for log in self.folder.glob("*.log"):
            shutil.copy(log, folder)
        shutil.copytree(self.folder / "recordings", folder / "recordings")


@asynccontextmanager
async def open_house(
    folder: Path, wished_port: int = 0, open_source: OpenSource = quipgen.run
) -> AsyncGenerator[House]:
    """Start everything in an empty folder and set it up; raises HouseError."""
    async with (
        open_source(folder) as source,
        mpd.run(folder) as player,
        home_assistant.run(folder, wished_port, source.environment) as hass,
    ):
        await add_integration(hass.client, "mpd", {"host": LOOPBACK, "port": player.port})
        door = await gppde.set_up(hass.client, source)
        await dashboard.save(hass.client, door)
        yield House(folder, source, player, hass, door)
