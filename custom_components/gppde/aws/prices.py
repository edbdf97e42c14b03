"""What an instance costs: public prices as of 2026-11, us-east-1, Linux, dollars an hour.

On demand: https://aws.amazon.com/ec2/pricing/on-demand/. Spot prices move: these are usual ones,
for where AWS does not tell its own. Other regions cost up to half as much again.
"""

from typing import NamedTuple

DATED = "2026-11"
CURRENCY = "USD"
LEAST_SECONDS = 60
HOUR = 3600


class Price(NamedTuple):
    """Dollars an hour."""

    on_demand: float
    spot: float


PRICES = {
    "g4dn.xlarge": Price(0.526, 0.21),
    "g5.xlarge": Price(1.006, 0.44),
    "g6.xlarge": Price(0.805, 0.37),
    "g6f.2xlarge": Price(0.475, 0.17),
}
DEAREST = Price(*map(max, zip(*PRICES.values(), strict=True)))
"""What a type is reckoned at that nobody told the price of."""


def price(type_: str, *, is_spot: bool) -> float | None:
    """Return the dollars an hour of a type, where the table has it."""
    known = PRICES.get(type_)
    return known and (known.spot if is_spot else known.on_demand)


def cost(seconds: float, dollars_an_hour: float) -> float:
    """Return the dollars that AWS takes: by the second, for a minute at least."""
    return max(seconds, LEAST_SECONDS) * dollars_an_hour / HOUR
