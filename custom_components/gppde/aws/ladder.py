"""What is asked for, one after the other, until AWS has one: spot before on-demand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .errors import AwsError, CapacityError, SpotQuotaError
from .instance import Placement


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One thing to ask for; a `subnet` of None is the zone's default one."""

    type: str
    zone: str
    subnet: str | None
    is_spot: bool


def rungs(placements: Iterable[Placement], types: Sequence[str], *, spot_first: bool) -> list[Rung]:
    """Return the ladder: types in the order wished for, each in all its zones.

    With `spot_first` all that as spot instances, and then again on demand; else on demand alone,
    since who does not want spot does not want to be interrupted.
    """
    wanted = {type_: place for place, type_ in enumerate(dict.fromkeys(types))}
    offered = sorted((p for p in placements if p.type in wanted), key=lambda p: wanted[p.type])
    return [
        Rung(type=place.type, zone=place.zone, subnet=place.subnet, is_spot=is_spot)
        for is_spot in ((True, False) if spot_first else (False,))
        for place in offered
    ]


def goes_on(error: AwsError) -> bool:
    """Tell whether an error is the rung's own, so that the next one may do.

    Every other error would be the same on each rung, or leaves open whether something was launched.
    """
    return isinstance(error, CapacityError | SpotQuotaError)
