"""One try at an instance: what must outlive a crash, so that it is found and ended."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import uuid4

import voluptuous as vol

from ..moments import moment
from .bill import Bill, amount
from .ladder import Rung

LIFE = timedelta(minutes=20)
"""How long after its launch an instance may run at most."""

SKEW = timedelta(minutes=5)
"""How far a clock may be from AWS's; AWS answers nobody whose clock is further off."""


class AttemptState(StrEnum):
    """How far an attempt is.

    Of a planned one AWS was not asked yet; of an asked one nobody knows; a gone one is confirmed.
    """

    PLANNED = "planned"
    ASKED = "asked"
    LAUNCHED = "launched"
    ENDING = "ending"
    GONE = "gone"


OVER = {AttemptState.ENDING, AttemptState.GONE}

_MOMENT = vol.Any(None, moment)
_ATTEMPT = vol.Schema(
    {
        "id": str,
        "home": str,
        "persona": str,
        "created": moment,
        "expires": moment,
        "rung": vol.Any(
            None,
            vol.Schema(
                {"type": str, "zone": str, "subnet": vol.Any(None, str), "is_spot": bool},
                required=True,
            ),
        ),
        "client_token": str,
        "bearer": str,
        "fingerprint": str,
        "price": amount,
        "instance": vol.Any(None, str),
        "address": vol.Any(None, str),
        "launched": _MOMENT,
        "ended": _MOMENT,
        "state": vol.All(str, vol.Coerce(AttemptState)),
    },
    required=True,
)


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One instance at most. `price` is in dollars an hour; `launched` and `ended` are AWS's times.

    `bearer` and `fingerprint` are what its server is spoken to with, after a restart too.
    """

    id: str
    home: str
    persona: str
    created: datetime
    expires: datetime
    bearer: str = field(repr=False)
    fingerprint: str
    rung: Rung | None = None
    client_token: str = ""
    price: float = 0.0
    instance: str | None = None
    address: str | None = None
    launched: datetime | None = None
    ended: datetime | None = None
    state: AttemptState = AttemptState.PLANNED

    @classmethod
    def plan(cls, *, home: str, persona: str, bearer: str, fingerprint: str, now: datetime) -> Self:
        """Begin an attempt of which AWS knows nothing."""
        return cls(
            id=uuid4().hex,
            home=home,
            persona=persona,
            created=now,
            expires=now + LIFE,
            bearer=bearer,
            fingerprint=fingerprint,
        )

    @classmethod
    def parse(cls, content: Any) -> Self:
        """Read what `as_json` wrote; raises vol.Invalid."""
        read = _ATTEMPT(content)
        return cls(**read | {"rung": read["rung"] and Rung(**read["rung"])})

    def as_json(self) -> dict[str, Any]:
        """Return what `parse` reads."""
        times = {name: getattr(self, name) for name in ("created", "expires", "launched", "ended")}
        return asdict(self) | {name: time and time.isoformat() for name, time in times.items()}

    @property
    def is_over(self) -> bool:
        """Whether its instance is to end, or has ended."""
        return self.state in OVER

    def try_on(self, rung: Rung, number: int, price: float, now: datetime) -> None:
        """Be about to ask for a rung: with a token of its own, and all the time there is."""
        self.rung = rung
        self.price = price
        self.client_token = f"{self.id}-{number}"
        self.expires = now + LIFE
        self.state = AttemptState.ASKED

    def time_left(self, now: datetime) -> timedelta:
        """Return how long the instance may still run, by the tag that it bears and AWS's clock.

        None at all is left by a clock that was set back before the launch, for it tells nothing.
        """
        if now < (self.launched or self.created) - SKEW:
            return timedelta()
        ends = min(self.expires, self.launched + LIFE) if self.launched else self.expires
        return max(ends - now, timedelta())

    def bill(self) -> Bill | None:
        """Reckon an instance that ran until its deadline, for want of knowing better."""
        if self.instance is None or self.launched is None or self.rung is None:
            return None
        return Bill(
            instance=self.instance,
            type=self.rung.type,
            is_spot=self.rung.is_spot,
            started=self.launched,
            seconds=LIFE.total_seconds(),
            price=self.price,
        )
