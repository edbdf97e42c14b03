"""The household's Home Assistant, which is stopped, killed, restarted and restored."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientError, ClientSession

from tests.e2e.house.client import Client
from tests.e2e.house.errors import EndedError
from tests.e2e.house.home_assistant import RESTART, HomeAssistant
from tests.e2e.house.ports import free_port
from tests.e2e.house.waiting import meanwhile, until, within

from .clock import HouseClock
from .ears import Ears
from .furnishing import furnish
from .household import DOORS
from .vitals import Vitals

AFTER_LEAP = timedelta(seconds=4)
"""After a leap, players that believe to have been out of touch come back within so much."""
BREATH = 0.3
LONGEST_STOP = 60


@dataclass(slots=True)
class Home:
    """`lives` is what it needed in each of its lives; `folder` holds all that it writes."""

    folder: Path
    clock: HouseClock
    environment: Mapping[str, str]
    ears: Ears = field(
        default_factory=lambda: Ears({f"binary_sensor.{door.key}": door.name for door in DOORS})
    )
    lives: list[Vitals] = field(default_factory=list)
    client: Client = field(init=False)
    _token: str = ""
    _visit: AsyncExitStack = field(default_factory=AsyncExitStack)
    _process: HomeAssistant = field(init=False)

    def __post_init__(self) -> None:
        self.config.mkdir()
        port = free_port()
        furnish(self.config, port)
        through = (sys.executable, "-m", "tests.soak.launcher", self.clock.file)
        self._process = HomeAssistant(
            self.config,
            self.log,
            port,
            self.environment,
            (*through, "homeassistant", "--skip-pip"),
        )

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def log(self) -> Path:
        return self.folder / "home-assistant.log"

    async def start(self) -> None:
        """Start it, and listen."""
        try:
            await self._process.start()
        except EndedError:
            if await self._process.end() != RESTART:
                raise
            await self._process.start()  # a backup was restored
        self.client = await self._enter()
        self.lives.append(Vitals())
        told = await self._visit.enter_async_context(self.client.events())
        await self._visit.enter_async_context(meanwhile(self.ears.listen(told)))

    async def stop(self) -> None:
        """Ask it to stop, as a system does."""
        await self._leave()
        await self._process.stop()

    async def kill(self) -> None:
        """Kill -9 it, and start it again."""
        await self._process.kill()
        await self._leave()
        await self.start()

    async def restart(self) -> None:
        """Let a person restart it."""
        await self.last_command("call_service", domain="homeassistant", service="restart")
        await self.start()

    async def last_command(self, kind: str, **fields: Any) -> None:
        """Send a command, and wait until it has ended by that; raises NotSeenError."""
        with suppress(EndedError):  # it may be gone before it answers
            await self.client.command(kind, **fields)
        async with within(LONGEST_STOP, "Home Assistant's end"):
            await self._process.end()
        await self._leave()

    async def leap(self, to: datetime) -> None:
        """Let the hours pass in which nothing happens, and everybody notice."""
        await self._leap(to - AFTER_LEAP)
        await self._leap(to)

    def feel(self) -> None:
        """Take note of what it needs."""
        self.lives[-1].take(self._process.pid)

    async def call(self, service: str, entity_id: str, **data: Any) -> None:
        """Call a service on an entity."""
        await self.client.call(service, entity_id, **data)

    async def _leap(self, to: datetime) -> None:
        self.clock.leap(to)

        async def has_come() -> bool:
            state = {"state": self.clock.now().isoformat()}
            try:
                told = await self.client.post("/api/states/sensor.leap", state)
            except ClientError:  # a connection that was idle for hours is closed as we ask
                return False
            return datetime.fromisoformat(told["last_updated"]) >= to

        await until("A leap of the clock", LONGEST_STOP, has_come)
        await asyncio.sleep(BREATH)

    async def _enter(self) -> Client:
        """Log in for longer than leaps are."""
        known = self._process.client
        self._token = self._token or await known.command(
            "auth/long_lived_access_token", client_name="soak", lifespan=30
        )
        http = await self._visit.enter_async_context(ClientSession())
        client = await Client.connect(http, replace(known.login, access_token=self._token))
        self._visit.push_async_callback(client.close)
        return client

    async def _leave(self) -> None:
        """Nobody listens any more, for Home Assistant ends."""
        await self._visit.aclose()
        self.ears.interrupted()
