"""A house that uses an instance: its clock, its patience, its ledger, and its restarts."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, override

import pytest

from custom_components.gppde.aws.attempt import Attempt
from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.aws.firewall import Firewall
from custom_components.gppde.aws.instance import Instance
from custom_components.gppde.aws.ladder import Rung, rungs
from custom_components.gppde.aws.ledger import Ledger
from custom_components.gppde.aws.life import Life, Plan
from custom_components.gppde.aws.reconcile import Reconciler

from .call import Answer, Call, Forward
from .faults import Fault
from .lacking import IMAGE
from .launching import ADDRESS, BEARER, HOME, PORT, USER_DATA

TYPES = ["g6.xlarge", "g4dn.xlarge"]
PLAN = Plan(
    home=HOME,
    persona="Hinge",
    image=IMAGE,
    user_data=USER_DATA,
    volume_gib=60,
    address=ADDRESS,
    port=PORT,
    bearer=BEARER,
    fingerprint="ab" * 32,
    ceiling=2.0,
)


class Household:
    """Sleeps no time, but notes it: both of its clocks go on by it. `step` is how wrong its clock
    is that people can set.
    """

    life: Life
    ledger: Ledger
    reconciler: Reconciler

    def __init__(self, cloud: Cloud, firewall: Firewall, folder: Path) -> None:
        self.cloud = cloud
        self.file = folder / "ledger"
        self.step = timedelta()
        self.slept = 0.0
        self._firewall = firewall
        self._boot()

    def clock(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.slept) + self.step

    def monotonic(self) -> float:
        return time.monotonic() + self.slept

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds
        await asyncio.sleep(0)

    async def restarted(self) -> None:
        """Lose all that is not on disk."""
        self._boot()
        await self.ledger.load()

    async def launch(self, **changes: Any) -> Attempt:
        """Launch an instance as a refill does."""
        return await self.life.launch(replace(PLAN, **changes), self.ladder())

    def ladder(self) -> list[Rung]:
        return rungs(self.cloud.placements(TYPES), TYPES, spot_first=True)

    def instances(self) -> list[Instance]:
        """Return what the home has at AWS."""
        return self.cloud.instances(HOME)

    def running(self) -> list[str]:
        """Return what the home pays for."""
        return [instance.id for instance in self.instances() if not instance.is_gone]

    def _boot(self) -> None:
        ledger = self.ledger = Ledger(self.file, asyncio.to_thread)
        life = self.life = Life(
            self.cloud, ledger, self._firewall, asyncio.to_thread, self.clock, self.sleep
        )
        self.reconciler = Reconciler(
            HOME,
            self.cloud,
            ledger,
            life,
            asyncio.to_thread,
            self.clock,
            self.sleep,
            self.monotonic,
        )


@pytest.fixture
async def house(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Household:
    """Return a house that has never had an instance. botocore repeats its calls at once."""
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None))
    house = Household(cloud, cloud.firewall(HOME), tmp_path)
    await house.restarted()
    return house


@dataclass(slots=True, kw_only=True)
class Witness(Fault):
    """Nothing goes wrong, but what is in a file when AWS is called is noted."""

    file: Path
    seen: list[str] = field(default_factory=list)

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        self.seen.append(self.file.read_text())
        return await forward()


@dataclass(slots=True, kw_only=True)
class Meanwhile(Fault):
    """Nothing goes wrong, but something else happens in the house while AWS is called."""

    job: Callable[[], Coroutine[Any, Any, None]]
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.job(), self.loop))
        return await forward()


@dataclass(slots=True, kw_only=True)
class LostAndEnded(Fault):
    """An instance is launched, its answer is lost, and AWS takes it back."""

    house: Household

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        await forward()
        with ThreadPoolExecutor() as threads:  # which are gone when the test looks for some
            await asyncio.get_running_loop().run_in_executor(threads, self._end_all)
        return None

    def _end_all(self) -> None:
        for running in self.house.running():
            self.house.cloud.terminate(running)
