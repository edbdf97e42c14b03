"""Which guard ended what had to be ended, told from what was seen, not from what was meant."""

from collections import Counter
from collections.abc import Iterable

from . import trace
from .machine import TERMINATED, Machine
from .trace import SEARCHED, Note
from .world import World

CLIENT_TOKEN = "AWS's client token"
RESUMED = "resumed at start"
NOTHING = "nothing had been launched"


def guards(world: World) -> list[str]:
    """Return the names of the guards, in the order in which they came in."""
    notes = trace.read(world.home.folder / "trace")
    named = [*_rescues(world, notes), *(_ender(one, notes) for one in world.machines.all)]
    return list(dict.fromkeys(named)) or [NOTHING]


def _rescues(world: World, notes: Iterable[Note]) -> Iterable[str]:
    """Name what kept an instance from being lost or launched again."""
    asked = Counter(seen.token for seen in world.stage.seen if seen.action == "RunInstances")
    if any(asked[machine.token] > 1 for machine in world.machines.all):
        yield CLIENT_TOKEN
    for note in notes:
        if note.what == "searches":
            yield SEARCHED
        if note.what == "resumes":
            yield RESUMED


def _ender(machine: Machine, notes: Iterable[Note]) -> str:
    """Name on whose behalf an instance was terminated, or what else ended it."""
    if machine.end != TERMINATED:
        return machine.end or "nobody"
    ends = [
        note
        for note in notes
        if note.what == "terminates" and note.name == machine.id and note.at <= machine.ended_at
    ]
    return ends[-1].actor or "the refill" if ends else "nobody knows"
