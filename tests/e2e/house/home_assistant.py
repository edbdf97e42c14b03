"""A real Home Assistant in a process of its own."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp

from . import configuration
from .client import Client
from .login import create_owner, log_in
from .places import NEWEST, hass
from .ports import LOOPBACK, free_port
from .process import Child
from .waiting import until

# The first start may have to install what Home Assistant itself still lacks.
FIRST_START = 240
# The exit status by which it asks to be started again.
RESTART = 100


class HomeAssistant:
    """Its process, its folder, and the client through which a person uses it."""

    client: Client

    def __init__(
        self,
        folder: Path,
        log: Path,
        port: int,
        environment: Mapping[str, str],
        command: Sequence[str | Path] = (hass(NEWEST),),
    ) -> None:
        self.folder = folder
        self.log = log
        self.url = f"http://{LOOPBACK}:{port}"
        self._child = Child("Home Assistant", [*command, "--config", folder], log, environment)
        self._connections = AsyncExitStack()

    async def start(self) -> None:
        """Start it and log in; raises NotSeenError, EndedError."""
        await self._child.start()
        http = await self._connections.enter_async_context(aiohttp.ClientSession())

        async def answers() -> bool:
            try:
                async with http.get(f"{self.url}/manifest.json") as answer:
                    return answer.ok
            except aiohttp.ClientError:
                return False

        await until("Home Assistant's first answer", FIRST_START, answers, self._child.check)
        await create_owner(http, self.url)
        self.client = await Client.connect(http, await log_in(http, self.url))
        self._connections.push_async_callback(self.client.close)
        await until("Home Assistant's start", FIRST_START, self._is_running, self._child.check)

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self._child.pid

    async def end(self) -> int | None:
        """Wait until it ends by itself, and return its exit status."""
        return await self._child.end()

    async def stop(self) -> None:
        """Stop it as a system does."""
        await self._connections.aclose()
        await self._child.stop()

    async def kill(self) -> None:
        """Kill -9: it can neither save nor finish anything."""
        await self._child.kill()
        await self._connections.aclose()

    async def watch(self) -> None:
        """Start it again when a person restarts it; raises EndedError when it ends otherwise."""
        while await self._child.end() == RESTART:
            await self._connections.aclose()
            await self.start()
        self._child.check()

    def stored(self, key: str) -> str:
        """Return what it has written under a key of its storage by now."""
        path = self.folder / ".storage" / key
        return path.read_text() if path.exists() else ""

    async def _is_running(self) -> bool:
        config = await self.client.command("get_config")
        return bool(config["state"] == "RUNNING")


@asynccontextmanager
async def run(
    folder: Path, wished_port: int, environment: Mapping[str, str], release: str = NEWEST
) -> AsyncGenerator[HomeAssistant]:
    """Run a new Home Assistant; its configuration and its log lie in `folder`."""
    port = free_port(wished_port)
    (config := folder / "config").mkdir()
    configuration.write(config, port)
    log = folder / "home-assistant.log"
    home_assistant = HomeAssistant(config, log, port, environment, [hass(release)])
    try:
        await home_assistant.start()
        yield home_assistant
    finally:
        await home_assistant.stop()
