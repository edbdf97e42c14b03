"""The table as a person reads it."""

from collections.abc import Sequence

from .cell import Outcome

WIDTH = 66
HEAD = f"{'fault':{WIDTH}} late twice lost leaked  launched quips seconds  saved by"


def row(outcome: Outcome) -> str:
    """Return a line of the table, marked where it is not as it must be."""
    counts = f"{outcome.late:4} {outcome.twice:5} {outcome.lost:4} {outcome.leaked:6}"
    course = f"{outcome.launched:8} {outcome.stock:5} {outcome.seconds:7.1f}"
    saved = ", ".join(outcome.guards) if outcome.struck else "the fault never struck"
    mark = "" if outcome.is_good else "  <-- WRONG"
    return f"{outcome.cell:{WIDTH}} {counts}  {course}  {saved}{mark}"


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """Return how many cells there were, and how many of them are not as they must be."""
    wrong = sum(not outcome.is_good for outcome in outcomes)
    return f"{len(outcomes)} cells, {wrong} of them wrong, in {seconds / 60:.1f} minutes"
