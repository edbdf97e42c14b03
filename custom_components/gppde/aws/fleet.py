"""All that concerns one home's instances, put together."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from .bill import month_of
from .cloud import Cloud, CloudConfig
from .firewall import Firewall
from .ledger import Ledger
from .life import Life
from .reconcile import Reconciler
from .runtime import Clock, Run, Sleep


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """`home` is what the tags of its instances say. `clock` and `sleep` are everybody's."""

    home: str
    cloud: Cloud
    firewall: Firewall
    ledger: Ledger
    life: Life
    reconciler: Reconciler
    run: Run
    clock: Clock
    sleep: Sleep

    @classmethod
    def assemble(
        cls,
        home: str,
        config: CloudConfig,
        ledger: Ledger,
        run: Run,
        clock: Clock = utc_now,
        sleep: Sleep = asyncio.sleep,
    ) -> Self:
        """Build it all. Asks nobody, and reads nothing."""
        cloud = Cloud(config)
        firewall = cloud.firewall(home)
        life = Life(cloud, ledger, firewall, run, clock, sleep)
        reconciler = Reconciler(home, cloud, ledger, life, run, clock, sleep)
        return cls(
            home=home,
            cloud=cloud,
            firewall=firewall,
            ledger=ledger,
            life=life,
            reconciler=reconciler,
            run=run,
            clock=clock,
            sleep=sleep,
        )

    @property
    def spent(self) -> float:
        """Dollars of this month, with what runs up just now."""
        return self.spent_by(self.clock())

    def spent_by(self, moment: datetime) -> float:
        """Return the dollars of a month, with what had run up by then."""
        return self.ledger.spent(month_of(moment)) + self.ledger.owed(moment)
