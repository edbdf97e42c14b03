"""Factories: attempts, rungs, instances, and moments."""

from datetime import UTC, datetime, timedelta
from typing import Any

from custom_components.gppde.aws.attempt import Attempt, AttemptState
from custom_components.gppde.aws.instance import Instance, InstanceState
from custom_components.gppde.aws.ladder import Rung

HOME = "home-1"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BEARER = "a-bearer-that-must-not-leak"
RUNG = Rung(type="g6.xlarge", zone="us-east-1a", subnet="subnet-a", is_spot=True)


def make_attempt(**fields: Any) -> Attempt:
    """Return an attempt of which AWS knows nothing."""
    attempt = Attempt.plan(
        home=HOME, persona="Hinge", bearer=BEARER, fingerprint="ab" * 32, now=NOW
    )
    for name, value in fields.items():
        setattr(attempt, name, value)
    return attempt


def make_asked(**fields: Any) -> Attempt:
    """Return an attempt that AWS is about to be asked for."""
    attempt = make_attempt()
    attempt.try_on(RUNG, 0, 0.36, NOW)
    for name, value in fields.items():
        setattr(attempt, name, value)
    return attempt


def make_launched(**fields: Any) -> Attempt:
    """Return an attempt whose instance runs."""
    defaults = {"instance": "i-1", "launched": NOW, "state": AttemptState.LAUNCHED}
    return make_asked(**defaults | fields)


def make_instance(attempt: Attempt, **fields: Any) -> Instance:
    """Return what AWS would tell of an attempt's instance."""
    defaults: dict[str, Any] = {
        "id": "i-1",
        "type": "g6.xlarge",
        "zone": "us-east-1a",
        "state": InstanceState.RUNNING,
        "address": "203.0.113.9",
        "launched": NOW,
        "is_spot": True,
        "home": attempt.home,
        "attempt": attempt.id,
        "expires": NOW + timedelta(minutes=20),
        "reason": "",
    }
    return Instance(**defaults | fields)
