"""A player that is switched off at the wall, and on again."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.house import mpd
from tests.e2e.house.doorway import uuid_of
from tests.e2e.house.errors import EndedError
from tests.e2e.house.mpd import Mpd


@dataclass(slots=True)
class Player:
    """A music player daemon, at the same port each time."""

    folder: Path
    port: int = 0
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _mpd: Mpd | None = None

    async def come(self) -> None:
        """Be switched on."""
        self.folder.mkdir(exist_ok=True)
        self._mpd = await self._running.enter_async_context(mpd.run(self.folder, self.port))
        self.port = self._mpd.port

    async def leave(self) -> None:
        """Be switched off."""
        await self._running.aclose()

    async def is_silent(self) -> bool:
        """Tell whether nothing is being played, be it because it is off."""
        assert self._mpd
        try:
            return await self._mpd.is_silent()
        except EndedError:
            return True

    def heard(self) -> list[str]:
        """Return the UUIDs of all quips that it has ever played."""
        assert self._mpd
        return [uuid_of(url) for url in self._mpd.heard().values()]


@asynccontextmanager
async def playing(folder: Path) -> AsyncGenerator[Player]:
    """Let one be there."""
    player = Player(folder)
    await player.come()
    try:
        yield player
    finally:
        await player.leave()
