"""A real Music Player Daemon that writes down what it plays instead of sounding it."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mpd import ConnectionError as NoConnectionError  # type: ignore[import-untyped]
from mpd.asyncio import MPDClient  # type: ignore[import-untyped]

from .ports import LOOPBACK, free_port
from .process import Child
from .waiting import until

# The null output keeps the pace of a loudspeaker; the recorder opens a new file for each song.
CONFIGURATION = """
bind_to_address "{host}"
port "{port}"
log_level "verbose"
log_file "{log}"
playlist_directory "{playlists}"
auto_update "no"
zeroconf_enabled "no"
audio_output {{
  type "null"
  name "Pace"
  sync "yes"
}}
audio_output {{
  type "recorder"
  name "Recording"
  format_path "{recordings}/%iso8601%.wav"
  encoder "wave"
  format "44100:16:1"
  mixer_type "software"
}}
"""
PLAYED = re.compile(r'player: played "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Mpd:
    """A player on loopback; `recordings` receives one wav file for each thing it played."""

    port: int
    log: Path
    recordings: Path

    def played(self) -> list[str]:
        """Return the URLs that were played to the end or interrupted, as the player's log tells."""
        return PLAYED.findall(self.log.read_text(errors="replace")) if self.log.exists() else []

    def recorded(self) -> list[Path]:
        """Return the recordings, oldest first."""
        return sorted(self.recordings.glob("*.wav"))

    async def is_silent(self) -> bool:
        """Return whether nothing is being played."""
        client = MPDClient()
        try:
            await client.connect(LOOPBACK, self.port)
            status: dict[str, str] = await client.status()
        finally:
            client.disconnect()
        return status["state"] != "play"

    async def silence(self, seconds: float) -> None:
        """Wait until nothing is being played; raises NotSeenError."""
        await until("silence after a quip", seconds, self.is_silent)

    async def is_up(self) -> bool:
        """Return whether the player answers."""
        try:
            await self.is_silent()
        except NoConnectionError, OSError:
            return False
        return True


@asynccontextmanager
async def run(folder: Path) -> AsyncGenerator[Mpd]:
    """Run a player whose files all lie in `folder`."""
    mpd = Mpd(free_port(), folder / "mpd.log", folder / "recordings")
    mpd.recordings.mkdir()
    (playlists := folder / "playlists").mkdir()
    configuration = folder / "mpd.conf"
    configuration.write_text(
        CONFIGURATION.format(
            host=LOOPBACK,
            port=mpd.port,
            log=mpd.log,
            playlists=playlists,
            recordings=mpd.recordings,
        )
    )
    child = Child("The player (mpd)", ["mpd", "--no-daemon", configuration], folder / "mpd.out")
    async with child:
        await until("The player (mpd)", 15, mpd.is_up, child.check)
        yield mpd
