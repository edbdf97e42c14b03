"""The table: what goes wrong, and when."""

from collections.abc import Callable
from functools import partial

from tests.gppde.aws.booting import EVER
from tests.gppde.aws.faults import Cut, Fault, Forgotten, Garbled, Lost, Refused

from .cell import Cell
from .deeds import (
    JOURNAL,
    LEDGER,
    expire_keys,
    faults,
    fill_disk,
    fill_disk_until_restart,
    interrupt,
    jump,
    kill,
    kill_and_break,
    kill_and_delete,
    kill_and_jump,
    kill_for_good,
    stop,
)
from .machine import Temper
from .stage import NoSpot, When
from .world import Deed

RUN = "RunInstances"
DESCRIBE = "DescribeInstances"
TERMINATE = "TerminateInstances"
KILLED_AT = {
    RUN: 0,
    DESCRIBE: 1,  # the first one is the look at the start
    TERMINATE: 0,
    "DescribeSecurityGroups": 0,
    "CreateSecurityGroup": 0,
    "AuthorizeSecurityGroupIngress": 0,
}
WITHOUT_ADDRESS = "without address"
BOOTING = "addressed"
HEALTHY = "healthy"
COLLECTING = "collected 3"
FINISHED = "finished"
ENDING = "dismissed"
PHASES = {
    "while waiting for the address": WITHOUT_ADDRESS,
    "while booting": BOOTING,
    "when the server is up": HEALTHY,
    "with some quips collected": COLLECTING,
    "when the batch is finished": FINISHED,
    "while ending": ENDING,
}
NO_CAPACITY = "InsufficientInstanceCapacity"
SLOW_DOWN = partial(Refused, code="RequestLimitExceeded", status=503)
BOTOCORE = 4
"""How often botocore asks, in all."""


def killed_at_call(action: str, when: When, spared: int) -> Cell:
    return Cell(f"kill -9 {when} {action}", lambda world: world.at_call(action, when, kill, spared))


def at(phase: str, what: str, deed: Deed) -> Cell:
    return Cell(f"{what} {phase}", lambda world: world.at_event(PHASES[phase], deed))


def always(what: str, *wrong: Callable[[], Fault]) -> Cell:
    return Cell(what, faults(*wrong))


def machine(what: str, temper: Temper) -> Cell:
    return Cell(what, lambda world: world.temper(temper))


def lost(action: str, times: int, what: str = "") -> Cell:
    return always(f"lost answer of {action}{what}", partial(Lost, action=action, times=times))


def throttled(action: str, times: int, what: str) -> Cell:
    return always(f"{action} throttled {what}", partial(SLOW_DOWN, action=action, times=times))


KILLS = [
    *(
        killed_at_call(action, when, spared)
        for action, spared in KILLED_AT.items()
        for when in When
    ),
    *(at(phase, "kill -9", kill) for phase in PHASES),
    at("while booting", "kill -9 for good", kill_for_good),
    at("with some quips collected", "kill -9 for good", kill_for_good),
    at("with some quips collected", "restart by a person", stop),
]
ANSWERS = [
    lost(RUN, 1),
    lost(RUN, 3 * BOTOCORE, ", each time"),
    lost(DESCRIBE, 3),
    lost(TERMINATE, 2),
    lost("CreateSecurityGroup", 1),
    lost("AuthorizeSecurityGroupIngress", 1),
    throttled(RUN, 2, "twice"),
    throttled(RUN, 4 * BOTOCORE, "for long"),
    throttled(DESCRIBE, 2 * BOTOCORE, "for a while"),
    throttled(TERMINATE, 2 * BOTOCORE, "for a while"),
    always(
        f"{TERMINATE} refused twice",
        partial(Refused, action=TERMINATE, times=2 * BOTOCORE, code="InternalError", status=500),
    ),
    always(f"a hotel's network answers for {DESCRIBE}", partial(Garbled, action=DESCRIBE, times=6)),
    Cell(
        f"{DESCRIBE} forgets the new instance for 20 s",
        lambda world: world.at_call(
            RUN, When.AFTER, faults(partial(Forgotten, action=DESCRIBE, times=8))
        ),
    ),
    at(
        "with some quips collected",
        "AWS cannot be reached for a while",
        faults(partial(Cut, times=6 * BOTOCORE)),
    ),
]
LADDER = [
    always("no spot capacity in any zone", partial(NoSpot, code=NO_CAPACITY, status=500)),
    always(
        "no capacity at all",
        partial(Refused, action=RUN, times=EVER, code=NO_CAPACITY, status=500),
    ),
    always("spot quota used up", partial(NoSpot, code="MaxSpotInstanceCountExceeded")),
    always(
        "vCPU quota used up", partial(Refused, action=RUN, times=EVER, code="VcpuLimitExceeded")
    ),
]
KEYS = [
    at("while booting", "keys expire", expire_keys),
    at("with some quips collected", "keys expire", expire_keys),
    at("while ending", "keys expire", expire_keys),
]
CLOCKS = [
    at("with some quips collected", "clock an hour forward", jump(1)),
    at("with some quips collected", "clock an hour back", jump(-1)),
    at("while booting", "clock an hour forward", jump(1)),
    at("while booting", "clock a day back", jump(-24)),
    at("with some quips collected", "kill -9, clock an hour forward", kill_and_jump(1)),
    at("with some quips collected", "kill -9, clock a day back", kill_and_jump(-24)),
]
MACHINES = [
    machine("an instance that never answers", Temper(mute=True)),
    machine("an instance that answers with garbage", Temper(garbled=True)),
    machine("an instance that dies at quip 5", Temper(dies_at=5)),
    machine("a server that dies at quip 5, its instance lives", Temper(server_dies_at=5)),
    at("with some quips collected", "spot interruption", interrupt),
    at("while booting", "spot interruption", interrupt),
]
DISKS = [
    Cell(
        "disk full from the start",
        lambda world: world.at_call("DescribeSubnets", When.AFTER, fill_disk),
    ),
    at("with some quips collected", "disk full", fill_disk),
    at("with some quips collected", "disk full, kill -9", fill_disk_until_restart),
    at("with some quips collected", "kill -9, ledger broken", kill_and_break(LEDGER)),
    at("with some quips collected", "kill -9, ledger deleted", kill_and_delete(LEDGER)),
    at("with some quips collected", "kill -9, journal broken", kill_and_break(JOURNAL)),
    at("with some quips collected", "kill -9, journal deleted", kill_and_delete(JOURNAL)),
]
CELLS = [*KILLS, *ANSWERS, *LADDER, *KEYS, *CLOCKS, *MACHINES, *DISKS]
