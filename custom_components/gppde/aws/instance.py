"""An instance, as AWS tells of it and as we ask for it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

TAG_HOME = "gppde:home"
TAG_ATTEMPT = "gppde:attempt"
TAG_EXPIRES = "gppde:expires"
"""ISO 8601, UTC."""

RESOLVE = "resolve:ssm:"
"""Before the name of a public SSM parameter: the image is looked up at the launch."""


class InstanceState(StrEnum):
    """EC2's own names of an instance's states."""

    PENDING = "pending"
    RUNNING = "running"
    SHUTTING_DOWN = "shutting-down"
    TERMINATED = "terminated"
    STOPPING = "stopping"
    STOPPED = "stopped"


GONE = {InstanceState.SHUTTING_DOWN, InstanceState.TERMINATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """What AWS tells of an instance: `address` is its public IPv4 address, `expires` the moment
    after which it must not run, and `reason` why it changed its state last, in AWS's words.
    """

    id: str
    type: str
    zone: str
    state: InstanceState
    address: str | None
    launched: datetime
    is_spot: bool
    home: str
    attempt: str
    expires: datetime | None
    reason: str

    @property
    def is_gone(self) -> bool:
        """Whether AWS itself says that the instance ends or has ended."""
        return self.state in GONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A wish for one instance: `image` is an AMI's id or "resolve:ssm:" and a parameter's name,
    `group` a security group's id, `subnet` a subnet's id or the zone's default one, `volume_gib`
    the least size of the root volume, `ceiling` the most that a spot instance may cost in dollars
    an hour; without one it is the price on demand.

    The same `client_token` with the same wish never makes a second instance.
    """

    client_token: str
    home: str
    attempt: str
    expires: datetime
    type: str
    zone: str
    is_spot: bool
    image: str
    user_data: str = field(repr=False)
    group: str
    subnet: str | None
    volume_gib: int
    ceiling: float | None = None


class Placement(NamedTuple):
    """A type that is offered in a zone, and the zone's default subnet."""

    type: str
    zone: str
    subnet: str
