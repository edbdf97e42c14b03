"""What came of a week, and whether it was a good one."""

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

from .vitals import Need, Vitals

EXPECTED_ISSUES = {"refill_failing", "door_without_player"}
MOST_MEMORY = 10
"""How many MiB more may be needed at the end of the days in which nobody restarted anything."""
MOST_FILES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Openings and what came of them; counts that must be 0; what was `needed` in the last life.
    Delays are in milliseconds, `spent` in dollars a month.
    """

    openings: int
    spoken: int
    silences: Counter[str]
    cut_short: int
    unanswered: int
    unasked: int
    delays: Sequence[float]
    turns: Sequence[float]
    repeats: int
    lost: int
    leaked: int
    quips: int
    launched: int
    issues: frozenset[str]
    needed: Vitals
    lives: int
    explained: Counter[str]
    unexplained: Sequence[str]
    spent: dict[str, float]
    minutes: float

    @property
    def unexpected_issues(self) -> frozenset[str]:
        return self.issues - EXPECTED_ISSUES

    @property
    def grew(self) -> Need:
        """Return what was needed more."""
        first, last = self.needed.ends()
        return Need(last.memory - first.memory, last.files - first.files)

    @property
    def is_good(self) -> bool:
        zeros = self.unanswered, self.unasked, self.repeats, self.lost, self.leaked
        is_small = self.grew.memory <= MOST_MEMORY and self.grew.files <= MOST_FILES
        return not (any(zeros) or self.unexpected_issues or self.unexplained) and is_small

    def as_json(self) -> dict[str, Any]:
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        needed = [asdict(need) for need in self.needed.needs]
        return told | {"issues": sorted(self.issues), "needed": needed, "is_good": self.is_good}

    def table(self) -> str:
        """Return it for a person."""
        return "\n".join(f"{name:<37} {told}" for name, told in self._rows())

    def _rows(self) -> Iterator[tuple[str, object]]:
        yield "openings", self.openings
        yield "  spoken", self.spoken
        for reason, count in self.silences.most_common():
            yield f"  not spoken: {reason}", count
        yield "  Home Assistant was killed first", self.cut_short
        yield "  unanswered (goal 0)", self.unanswered
        yield "spoke without having opened (goal 0)", self.unasked
        yield "sensor to a silent player, ms", _percentiles(self.delays)
        yield "  where others may speak", _percentiles(self.turns)
        yield "quips made and kept", self.quips
        yield "said twice (goal 0)", self.repeats
        yield "quips lost (goal 0)", self.lost
        yield "instances launched", self.launched
        yield "instances left running (goal 0)", self.leaked
        yield "dollars", ", ".join(f"{month} {sum_:.2f}" for month, sum_ in self.spent.items())
        yield "repair issues, all expected", ", ".join(sorted(self.issues & EXPECTED_ISSUES))
        yield "unexpected ones (goal 0)", len(self.unexpected_issues)
        first, last = self.needed.ends()
        yield "lives of Home Assistant", self.lives
        yield "memory in the last one, MiB", f"{first.memory:.0f} to {last.memory:.0f}"
        yield "open files in the last one", f"{first.files} to {last.files}"
        for why, count in self.explained.most_common():
            yield f"warnings: {why}", count
        yield "warnings without a reason (goal 0)", len(self.unexplained)
        yield "minutes", f"{self.minutes:.0f}"


def _percentiles(delays: Sequence[float]) -> str:
    if len(delays) < 2:
        return "too few"
    cuts = statistics.quantiles(delays, n=100, method="inclusive")
    return f"p50 {cuts[49]:.1f}, p95 {cuts[94]:.1f}, p99 {cuts[98]:.1f}, max {max(delays):.1f}"
