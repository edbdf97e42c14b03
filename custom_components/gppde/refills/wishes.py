"""Who waits for a refill."""

import asyncio
from dataclasses import dataclass, field

from homeassistant.exceptions import HomeAssistantError

from ..personas.persona import Persona
from .outcome import RefillResult


def _future() -> asyncio.Future[RefillResult]:
    return asyncio.get_running_loop().create_future()


@dataclass(slots=True, kw_only=True)
class Wish:
    """A persona that waits for its turn; `count` None means as many as its stock then lacks."""

    persona: Persona
    count: int | None = None
    by_person: bool = False
    result: asyncio.Future[RefillResult] = field(default_factory=_future)

    def ask(self, count: int | None) -> None:
        """Let a person's wish be part of this one."""
        self.by_person = True
        self.count = count and max(count, self.count or 0)

    def fail(self, error: HomeAssistantError) -> None:
        """Tell who waits, if anybody does."""
        if not self.result.done():
            self.result.set_exception(error)
            self.result.exception()


class Wishes:
    """At most one wish per persona, in the order in which they came."""

    def __init__(self) -> None:
        self._waiting: dict[str, Wish] = {}

    def want(self, persona: Persona) -> Wish:
        """Return the wish that waits for this persona, a new one if there was none."""
        return self._waiting.setdefault(persona.id, Wish(persona=persona))

    def head(self, *, unfinished: str | None, persons_only: bool) -> Wish | None:
        """Whose turn it is: first the unfinished order, then what a person asked for."""

        def rank(wish: Wish) -> tuple[bool, bool]:
            return wish.persona.id != unfinished, not wish.by_person

        ready = [wish for wish in self._waiting.values() if wish.by_person or not persons_only]
        return min(ready, key=rank, default=None)

    def remove(self, wish: Wish) -> None:
        """Its turn has come."""
        del self._waiting[wish.persona.id]

    def take_all(self) -> list[Wish]:
        """Empty the queue."""
        wishes = list(self._waiting.values())
        self._waiting.clear()
        return wishes
