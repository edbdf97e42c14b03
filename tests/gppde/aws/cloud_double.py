"""EC2 in memory, as its documentation has it, for tests of thousands of calls."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import override

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.aws.errors import (
    AwsError,
    CapacityError,
    CredentialsError,
    RefusedError,
    SpotQuotaError,
    ThrottledError,
    TokenSpentError,
    UnansweredError,
    UnknownInstanceError,
)
from custom_components.gppde.aws.firewall import Firewall
from custom_components.gppde.aws.instance import Instance, InstanceState, Launch
from tests.gppde.faulty_disk import Killed

SHUTTING_DOWN = timedelta(seconds=30)
REMEMBERED = timedelta(hours=1)
"""For so long AWS tells of an instance that is terminated."""


class Trouble(Enum):
    """What may befall one call."""

    NONE = auto()
    CUT = auto()
    LOST = auto()
    THROTTLED = auto()
    NO_KEYS = auto()
    REFUSED = auto()
    NO_CAPACITY = auto()
    NO_SPOT_QUOTA = auto()
    KILLED_BEFORE = auto()
    KILLED_AFTER = auto()


class Action(Enum):
    """A kind of call."""

    PREPARE = auto()
    LAUNCH = auto()
    DESCRIBE = auto()
    TERMINATE = auto()


INSTEAD: dict[Trouble, BaseException] = {
    Trouble.CUT: UnansweredError("The way is cut."),
    Trouble.THROTTLED: ThrottledError("Too fast."),
    Trouble.NO_KEYS: CredentialsError("The keys have expired."),
    Trouble.REFUSED: RefusedError("No."),
    Trouble.KILLED_BEFORE: Killed(),
}
AFTERWARDS: dict[Trouble, BaseException] = {
    Trouble.LOST: UnansweredError("The answer is lost."),
    Trouble.KILLED_AFTER: Killed(),
}
AT_LAUNCH: dict[Trouble, AwsError] = {
    Trouble.NO_CAPACITY: CapacityError("Nothing there."),
    Trouble.NO_SPOT_QUOTA: SpotQuotaError("Enough."),
}


@dataclass(slots=True)
class Spell:
    """The next `times` calls of a kind are befallen by a trouble, after `quiet` ones."""

    action: Action
    trouble: Trouble
    quiet: int
    times: int

    def befalls(self, action: Action) -> bool:
        """Count a call; tell whether it is befallen."""
        if action is not self.action or self.times == 0:
            return False
        if self.quiet:
            self.quiet -= 1
            return False
        self.times -= 1
        return True


@dataclass(slots=True)
class Machine:
    """An instance as it really is."""

    told: Instance
    hidden: timedelta
    ended: datetime | None = None

    @property
    def runs(self) -> bool:
        return self.ended is None

    def at(self, now: datetime) -> Instance | None:
        """Return what AWS tells of it."""
        if now < self.told.launched + self.hidden:
            return None
        if self.ended is None:
            return replace(self.told, state=InstanceState.RUNNING)
        if now > self.ended + REMEMBERED:
            return None
        is_over = now > self.ended + SHUTTING_DOWN
        state = InstanceState.TERMINATED if is_over else InstanceState.SHUTTING_DOWN
        return replace(self.told, state=state)


@dataclass(slots=True)
class Ec2:
    """The truth. A new instance is missing while it is `hidden`; `said_gone` are those of which
    somebody was told that they are gone.
    """

    now: datetime
    hidden: timedelta = timedelta(seconds=20)
    machines: dict[str, Machine] = field(default_factory=dict)
    said_gone: set[str] = field(default_factory=set)
    terminated: list[str] = field(default_factory=list)
    launches: dict[str, tuple[Launch, str]] = field(default_factory=dict)

    def running(self) -> list[Machine]:
        return [machine for machine in self.machines.values() if machine.runs]


class CloudDouble(Cloud):
    """Befallen by `spells`. `witness` is shown each launch before it happens."""

    def __init__(self, ec2: Ec2, witness: Callable[[Launch], None]) -> None:
        self.ec2 = ec2
        self.spells: list[Spell] = []
        self._witness = witness

    @override
    def launch(self, launch: Launch) -> Instance:
        self._witness(launch)
        told = self.befallen(
            Action.LAUNCH, lambda trouble: self._launch(launch, AT_LAUNCH.get(trouble))
        )
        return self._heard([told])[0]

    @override
    def instance(self, instance_id: str) -> Instance | None:
        found = self._told(lambda instance: instance.id == instance_id)
        return found[0] if found else None

    @override
    def instances(self, home: str) -> list[Instance]:
        return self._told(lambda instance: instance.home == home)

    @override
    def by_attempt(self, home: str, attempt: str) -> list[Instance]:
        return self._told(lambda instance: (instance.home, instance.attempt) == (home, attempt))

    @override
    def terminate(self, instance_id: str) -> None:
        self.befallen(Action.TERMINATE, lambda _: self._terminate(instance_id))

    @override
    def spot_price(self, type_: str, zone: str) -> float | None:
        return self.befallen(Action.PREPARE, lambda _: 0.3)

    def befallen[T](self, action: Action, call: Callable[[Trouble], T]) -> T:
        """Make a call, or let something befall it."""
        spells = (spell.trouble for spell in self.spells if spell.befalls(action))
        trouble = next(spells, Trouble.NONE)
        if trouble in INSTEAD:
            raise INSTEAD[trouble]
        answer = call(trouble)
        if trouble in AFTERWARDS:
            raise AFTERWARDS[trouble]
        return answer

    def _launch(self, launch: Launch, refusal: AwsError | None) -> Instance:
        if known := self.ec2.launches.get(launch.client_token):
            return self._again(launch, *known)
        if refusal is not None:
            raise refusal
        id_ = f"i-{len(self.ec2.machines)}"
        self.ec2.launches[launch.client_token] = launch, id_
        instance = _born(launch, id_, self.ec2.now)
        self.ec2.machines[id_] = Machine(instance, self.ec2.hidden)
        return instance

    def _again(self, launch: Launch, first: Launch, id_: str) -> Instance:
        if launch != first:
            raise TokenSpentError("Used.")
        machine = self.ec2.machines[id_]
        return machine.at(self.ec2.now) or machine.told

    def _terminate(self, id_: str) -> None:
        machine = self.ec2.machines[id_]
        if machine.at(self.ec2.now) is None:
            raise UnknownInstanceError("Who?")
        self.ec2.terminated.append(id_)
        machine.ended = machine.ended or self.ec2.now

    def _told(self, is_meant: Callable[[Instance], bool]) -> list[Instance]:
        return self._heard(
            self.befallen(Action.DESCRIBE, lambda _: list(filter(is_meant, self._known())))
        )

    def _heard(self, told: list[Instance]) -> list[Instance]:
        self.ec2.said_gone |= {instance.id for instance in told if instance.is_gone}
        return told

    def _known(self) -> Iterable[Instance]:
        known = (machine.at(self.ec2.now) for machine in self.ec2.machines.values())
        return (instance for instance in known if instance is not None)


class FirewallDouble(Firewall):
    """Needs nothing; may be befallen like any call."""

    def __init__(self, cloud: CloudDouble) -> None:
        self._cloud = cloud

    @override
    def ensure(self, address: str, port: int) -> str:
        return self._cloud.befallen(Action.PREPARE, lambda _: "sg-1")


def _born(launch: Launch, id_: str, now: datetime) -> Instance:
    return Instance(
        id=id_,
        type=launch.type,
        zone=launch.zone,
        state=InstanceState.PENDING,
        address="203.0.113.9",
        launched=now,
        is_spot=launch.is_spot,
        home=launch.home,
        attempt=launch.attempt,
        expires=launch.expires,
        reason="",
    )
