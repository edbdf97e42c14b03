"""A real Music Player Daemon that writes down what it plays instead of sounding it."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mpd import ConnectionError as NoConnectionError  # type: ignore[import-untyped]
from mpd.asyncio import MPDClient  # type: ignore[import-untyped]

from .errors import EndedError
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
# One song at a time: a recording begins with the first sound of the song played last.
SOUNDED = re.compile(r'playlist: play \d+:"([^"]+)"|recorder: Recording to "([^"]+)"')


@dataclass(frozen=True, slots=True)
class Mpd:
    """A player on loopback that makes one recording of each thing it plays."""

    port: int
    log: Path

    def heard(self) -> dict[Path, str]:
        """Return the recordings, oldest first, and the URL each was fetched from."""
        heard, url = {}, ""
        for played, recording in SOUNDED.findall(self.log.read_text(errors="replace")):
            url = played or url
            if recording:
                heard[Path(recording)] = url
        return heard

    async def is_silent(self) -> bool:
        """Return whether nothing is being played; raises EndedError."""
        client = MPDClient()
        try:
            await client.connect(LOOPBACK, self.port)
            status: dict[str, str] = await client.status()
        except (NoConnectionError, OSError) as error:
            raise EndedError(f"The player (mpd) does not answer: {error}") from error
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
        except EndedError:
            return False
        return True


@asynccontextmanager
async def run(folder: Path, wished_port: int = 0) -> AsyncGenerator[Mpd]:
    """Run a player whose files all lie in `folder`, where one may have run before."""
    mpd = Mpd(free_port(wished_port), folder / "mpd.log")
    (recordings := folder / "recordings").mkdir(exist_ok=True)
    (playlists := folder / "playlists").mkdir(exist_ok=True)
    configuration = folder / "mpd.conf"
    configuration.write_text(
        CONFIGURATION.format(
            host=LOOPBACK,
            port=mpd.port,
            log=mpd.log,
            playlists=playlists,
            recordings=recordings,
        )
    )
    child = Child("The player (mpd)", ["mpd", "--no-daemon", configuration], folder / "mpd.out")
    async with child:
        await until("The player (mpd)", 15, mpd.is_up, child.check)
        yield mpd
