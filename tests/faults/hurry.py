"""Lets Home Assistant's waiting times pass faster, each by the same factor."""

import asyncio
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from botocore.retries.standard import ExponentialBackoff, RetryContext
from homeassistant import bootstrap
from homeassistant.__main__ import main

from custom_components.gppde import breaker
from custom_components.gppde.aws.cloud import CloudConfig
from custom_components.gppde.aws.fleet import Fleet
from custom_components.gppde.aws.ledger import Ledger
from custom_components.gppde.aws.reconcile import Reconciler
from custom_components.gppde.aws.runtime import Run
from custom_components.gppde.ec2 import instances
from custom_components.gppde.quipgen import QuipgenClient
from custom_components.gppde.refills import delivery, journal, refill
from custom_components.gppde.sources import ec2, following
from custom_components.gppde.sources.ec2 import Ec2Source

from . import trace
from .clock import RATE, FastClock, monotonic, shortened

SHORTEST = 0.02
POLL = 4.0
"""Seconds of the fast clock: as often as every second would be too much for two cores."""
SLOW = 2
"""How much longer work may take by the fast clock, which does not make it faster."""
TIMEOUT = 60.0
"""Seconds of the fast clock: a TLS handshake does not become faster with it."""


def run(folder: Path, *, with_finally: bool) -> int:
    """Run Home Assistant, and write down what it does."""
    if not with_finally:
        _take_the_finally_away()
    clock = FastClock(folder / "clock")
    trace.begin(folder / "trace")
    _furnish_sparsely()
    _hasten_aws(clock)
    _hasten_refills(clock)
    _hasten_servers()
    return main()


def _take_the_finally_away() -> None:
    async def nothing(*_: object) -> None:
        """Leave the instance to the other guards."""

    patch.object(Ec2Source, "_end", nothing).start()


def _furnish_sparsely() -> None:
    patch.object(bootstrap, "DEFAULT_INTEGRATIONS", {"frontend"}).start()


def _hasten_aws(clock: FastClock) -> None:
    assemble, backoff = Fleet.assemble, ExponentialBackoff.delay_amount

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(max(shortened(seconds), SHORTEST))

    def hastened(home: str, config: CloudConfig, ledger: Ledger, run: Run) -> Fleet:
        return assemble(home, config, ledger, run, clock=clock.home, sleep=sleep)

    def soon(self: ExponentialBackoff, context: RetryContext) -> float:
        return shortened(backoff(self, context))

    patch.object(Fleet, "assemble", hastened).start()
    patch.object(Reconciler.__init__, "__defaults__", (monotonic,)).start()
    patch.object(ExponentialBackoff, "delay_amount", soon).start()
    patch.object(instances, "INTERVAL", instances.INTERVAL / RATE).start()
    patch.object(instances, "TICK", instances.TICK / RATE).start()


def _hasten_refills(clock: FastClock) -> None:
    patience = delivery._patience

    def local_now() -> datetime:
        return clock.home().astimezone()

    patch.object(refill, "INTERVAL", refill.INTERVAL / RATE).start()
    patch.object(journal, "Breaker", lambda _: breaker.Breaker(local_now)).start()
    patch.object(delivery, "_patience", lambda event: shortened(SLOW * patience(event))).start()


def _hasten_servers() -> None:
    patch.object(ec2, "POLL", POLL).start()
    patch.object(following, "POLL", shortened(POLL)).start()
    patch.object(QuipgenClient.__init__, "__defaults__", (None, shortened(TIMEOUT))).start()
