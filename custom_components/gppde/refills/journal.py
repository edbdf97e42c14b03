"""What a refill must remember over a crash: the order under way, and how often it failed."""

import asyncio
import errno
import logging
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import voluptuous as vol
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.json import save_json
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util import dt as dt_util
from homeassistant.util.file import WriteError
from homeassistant.util.json import load_json_object

from ..breaker import Breaker
from ..const import DOMAIN
from ..errors import StockError, StockFullError, StockUnwritableError
from ..moments import moment
from ..sources import Ticket

_LOGGER = logging.getLogger(__name__)


_COUNT = vol.All(int, vol.Range(min=0))
_CONTENT = vol.Schema(
    {
        vol.Required("order"): vol.Any(
            None,
            {
                vol.Required("persona"): str,
                vol.Required("count"): _COUNT,
                vol.Required("ticket"): vol.Any(None, dict),
            },
        ),
        vol.Required("breaker"): {
            vol.Required("failures"): _COUNT,
            vol.Required("retry_at"): vol.Any(None, moment),
        },
        vol.Required("failure"): vol.Any(
            None, {vol.Required("persona"): str, vol.Required("error"): str}
        ),
    }
)


@dataclass(slots=True)
class Unfinished:
    """An order under way: `count` quips are still to come for the persona with that id."""

    persona: str
    count: int
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the last refill failed or fell short; the persona is named as a person knows it."""

    persona: str
    error: str


class Journal:
    """A small file, whole and on disk whenever a call here returns.

    Home Assistant's Store is not used: it only logs a failed write, and it puts writing off while
    Home Assistant stops.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self.order: Unfinished | None = None
        self.breaker = Breaker(dt_util.now)
        self.failure: Failure | None = None
        self._hass = hass
        self._path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.refill"))
        self._lock = asyncio.Lock()
        self._is_loaded = False

    async def load(self) -> None:
        """Read what was written last, once; a journal that cannot be read counts as empty."""
        async with self._lock:
            if not self._is_loaded:
                self._restore(await self._hass.async_add_executor_job(self._read))
                self._is_loaded = True

    def _read(self) -> dict[str, Any] | None:
        try:
            stored = load_json_object(self._path)
            return cast(dict[str, Any], _CONTENT(stored)) if stored else None
        except (HomeAssistantError, vol.Invalid) as error:
            _LOGGER.warning("The journal %s is ignored, for it is broken: %s", self._path, error)
            return None

    def _restore(self, content: dict[str, Any] | None) -> None:
        if content is None:
            return
        order = content["order"]
        self.order = Unfinished(**order) if order and order["count"] else None
        self.breaker.failures = content["breaker"]["failures"]
        self.breaker.retry_at = content["breaker"]["retry_at"]
        self.failure = content["failure"] and Failure(**content["failure"])

    def left_for(self, persona_id: str) -> Unfinished | None:
        """Return what is still to come for a persona, if anything is."""
        return self.order if self.order and self.order.persona == persona_id else None

    async def begin(self, order: Unfinished) -> None:
        """Remember an order before anything is done for it; raises StockError."""
        self.order = order
        await self.save()

    async def keep(self, ticket: Ticket) -> None:
        """Remember what the source needs to resume the order; raises StockError."""
        if self.order is not None:
            self.order.ticket = ticket
            await self.save()

    async def save(self) -> None:
        """Write it all; raises StockError."""
        async with self._lock:
            await self._hass.async_add_executor_job(self._write, self._content())

    async def try_save(self) -> None:
        """Write it all where that can be done.

        Without this news an order may be carried on that is over, which does no harm.
        """
        with suppress(StockError):
            await self.save()

    async def remove(self) -> None:
        """Take the file away, where there is one and it may be."""
        async with self._lock:
            await self._hass.async_add_executor_job(self._unlink)

    def _unlink(self) -> None:
        with suppress(OSError):
            self._path.unlink()

    def _content(self) -> dict[str, Any]:
        retry_at = self.breaker.retry_at
        return {
            "order": self.order and asdict(self.order),
            "breaker": {
                "failures": self.breaker.failures,
                "retry_at": retry_at and retry_at.isoformat(),
            },
            "failure": self.failure and asdict(self.failure),
        }

    def _write(self, content: dict[str, Any]) -> None:
        try:
            self._path.parent.mkdir(exist_ok=True)
            save_json(str(self._path), content, atomic_writes=True)
        except (OSError, WriteError) as error:
            raise _in_words(error, self._path) from error


def _in_words(error: OSError | WriteError, path: Path) -> StockError:
    cause = error.__cause__ if isinstance(error, WriteError) else error
    is_full = isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT)
    kind = StockFullError if is_full else StockUnwritableError
    return kind("The journal {path} cannot be written: {reason}", path=str(path), reason=str(error))
