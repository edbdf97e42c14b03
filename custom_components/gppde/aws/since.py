"""For how long something has been so, by a clock that nobody sets."""

from collections.abc import Callable, Container


class Since:
    """Notes when something was first so; `monotonic` tells seconds."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._first: dict[str, float] = {}

    def note(self, name: str) -> float:
        """Return for how many seconds it has been so, from the first time it was noted."""
        now = self._monotonic()
        return now - self._first.setdefault(name, now)

    def keep(self, names: Container[str]) -> None:
        """Forget all but these: they are so no more."""
        self._first = {name: first for name, first in self._first.items() if name in names}

    def forget(self, name: str) -> None:
        """Begin anew when it is noted again."""
        self._first.pop(name, None)
