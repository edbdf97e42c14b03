"""What one instance has cost."""

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import voluptuous as vol

from ..moments import moment
from .instance import Instance
from .prices import DEAREST, cost, price

LARGEST = 1e9

_WHEN_IT_ENDED = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) GMT\)")


def amount(value: Any) -> float:
    """Read a number that can be reckoned with, or raise vol.Invalid."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise vol.Invalid("not a number")
    if not 0 <= value <= LARGEST:
        raise vol.Invalid("not an amount")
    return float(value)


_BILL = vol.Schema(
    {
        "instance": str,
        "type": str,
        "is_spot": bool,
        "started": moment,
        "seconds": amount,
        "price": amount,
    },
    required=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """An instance that ran for so many `seconds`, at `price` dollars an hour."""

    instance: str
    type: str
    is_spot: bool
    started: datetime
    seconds: float
    price: float

    @classmethod
    def of(cls, instance: Instance, confirmed: datetime, price_: float | None = None) -> Self:
        """Reckon what an instance cost that AWS calls gone, and that was seen so at `confirmed`."""
        until = ended_at(instance, confirmed)
        known = price_ if price_ is not None else price(instance.type, is_spot=instance.is_spot)
        return cls(
            instance=instance.id,
            type=instance.type,
            is_spot=instance.is_spot,
            started=instance.launched,
            seconds=max((until - instance.launched).total_seconds(), 0),
            price=_dearest(is_spot=instance.is_spot) if known is None else known,
        )

    @classmethod
    def parse(cls, content: Any) -> Self:
        """Read what `as_json` wrote; raises vol.Invalid."""
        return cls(**_BILL(content))

    def as_json(self) -> dict[str, Any]:
        """Return what `parse` reads."""
        return asdict(self) | {"started": self.started.isoformat()}

    @property
    def ended(self) -> datetime:
        """When it ended."""
        return self.started + timedelta(seconds=self.seconds)

    @property
    def month(self) -> str:
        """The month that it is reckoned to, that of its start, as `month_of` writes it."""
        return month_of(self.started)

    @property
    def dollars(self) -> float:
        """What it has cost."""
        return cost(self.seconds, self.price)


def month_of(moment: datetime) -> str:
    """Return a moment's month in UTC, such as "2026-11"."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def ended_at(instance: Instance, confirmed: datetime) -> datetime:
    """Return when an instance ended by AWS's clock, failing that when we were told."""
    told = _WHEN_IT_ENDED.search(instance.reason)
    if told is None:
        return confirmed
    return datetime.fromisoformat(told[1]).replace(tzinfo=UTC)


def _dearest(*, is_spot: bool) -> float:
    return DEAREST.spot if is_spot else DEAREST.on_demand
