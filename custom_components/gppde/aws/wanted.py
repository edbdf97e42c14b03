"""What refills are to be launched with, as a person chose it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from .attempt import LIFE
from .instance import Launch, Placement

VCPUS = {"g4dn.xlarge": 4, "g5.xlarge": 4, "g6.xlarge": 4, "g6f.2xlarge": 8}
USUAL_VCPUS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`ceiling` is in dollars an hour, `budget` and `spent` in dollars of this month; `address` is
    this home's public IPv4 address, where it is known.
    """

    region: str
    home: str
    types: Sequence[str]
    spot_first: bool
    image: str
    volume_gib: int
    port: int
    ceiling: float
    budget: float
    spent: float
    address: str | None

    @property
    def vcpus(self) -> int:
        """What the smallest of the types takes from a quota."""
        return min(VCPUS.get(type_, USUAL_VCPUS) for type_ in self.types)

    @property
    def markets(self) -> list[bool]:
        """Whether what may be asked for is a spot instance, each kind once."""
        return [True, False] if self.spot_first else [False]

    def launches(self, place: Placement, group: str, now: datetime) -> list[Launch]:
        """Return one launch for each kind of instance, made to be rehearsed."""
        return [
            Launch(
                client_token=uuid4().hex,
                home=self.home,
                attempt="rehearsal",
                expires=now + LIFE,
                type=place.type,
                zone=place.zone,
                is_spot=is_spot,
                image=self.image,
                user_data="",
                group=group,
                subnet=place.subnet,
                volume_gib=self.volume_gib,
            )
            for is_spot in self.markets
        ]
