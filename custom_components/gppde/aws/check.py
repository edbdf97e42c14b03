"""What a look before the first launch found; the words for it are whoever's that shows it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..words import Words


class CheckKey(StrEnum):
    """What is looked at, in this order."""

    IDENTITY = "identity"
    CLOCK = "clock"
    PLACEMENTS = "placements"
    SPOT_QUOTA = "spot_quota"
    ON_DEMAND_QUOTA = "on_demand_quota"
    PRICE = "price"
    BUDGET = "budget"
    IMAGE = "image"
    ADDRESS = "address"
    SECURITY_GROUP = "security_group"
    REHEARSAL = "rehearsal"


class Outcome(StrEnum):
    """How a look ended: `REFUSED` means that AWS said no."""

    PASSED = "passed"
    FAILED = "failed"
    REFUSED = "refused"


QUOTAS = {CheckKey.SPOT_QUOTA, CheckKey.ON_DEMAND_QUOTA}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look; `sentence` names the words for it, and `placeholders` fill them, as does AWS's
    `refusal`, if there was one, as "error".
    """

    key: CheckKey
    outcome: Outcome
    placeholders: Mapping[str, str] = field(default_factory=dict)
    refusal: Words | None = None

    @property
    def passed(self) -> bool:
        return self.outcome is Outcome.PASSED

    @property
    def sentence(self) -> str:
        """The key of a translation, such as "spot_quota_failed"."""
        return f"{self.key}_{self.outcome}"


def may_launch(checks: Iterable[Check]) -> bool:
    """Whether a refill can succeed: everything was looked at, and one of the quotas is enough."""
    passed = {check.key: check.passed for check in checks}
    has_quota = any(passed.get(key, False) for key in QUOTAS)
    return has_quota and all(passed.get(key, False) for key in set(CheckKey) - QUOTAS)
