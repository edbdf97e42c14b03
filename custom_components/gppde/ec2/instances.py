"""Watches over this home's instances: at start, and then more often while one may run."""

import logging
from collections.abc import Awaitable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.singleton import singleton
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import STORAGE_DIR
from homeassistant.util.hass_dict import HassKey

from ..aws.errors import AwsError, CredentialsError
from ..aws.fleet import Fleet
from ..aws.ledger import Ledger, LedgerBrokenError
from ..aws.reconcile import Findings
from ..const import DOMAIN
from ..issues import clear_issue, raise_issue
from ..stops import stop_all
from .settings import Ec2Settings

INTERVAL = timedelta(minutes=10)
TICK = timedelta(minutes=1)
"""Between looks while an instance may run."""

_LOGGER = logging.getLogger(__name__)


@singleton(HassKey[Ledger](f"{DOMAIN}_ledger"))
def shared_ledger(hass: HomeAssistant) -> Ledger:
    """Return the one of this process: what ended a reload ago is still being entered."""
    path = Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.aws"))
    return Ledger(path, hass.async_add_executor_job)


def assemble_fleet(hass: HomeAssistant, entry: ConfigEntry[Any], settings: Ec2Settings) -> Fleet:
    """Build what an entry launches instances with; its id is what their tags say."""
    ledger, run = shared_ledger(hass), hass.async_add_executor_job
    return Fleet.assemble(entry.entry_id, settings.cloud, ledger, run)


class Instances:
    """What may be running, and what it costs, as a person sees it."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], fleet: Fleet, region: str
    ) -> None:
        self._hass = hass
        self._entry = entry
        self._fleet = fleet
        self._region = region
        self._swept_at: datetime | None = None
        self._is_silent = False
        self._is_broken = False

    @property
    def signal(self) -> str:
        """Dispatched, without arguments, after each look."""
        return f"{DOMAIN}_instances_{self._entry.entry_id}"

    @property
    def is_known(self) -> bool:
        """Whether the ledger could be read; else nobody here knows what runs, or what it cost."""
        return self._fleet.ledger.is_readable

    @property
    def may_run(self) -> bool:
        """Whether there may be an instance, for all that AWS has said."""
        return bool(self._fleet.ledger.attempts)

    @property
    def spent(self) -> float:
        """Dollars of this month, by the minute: nobody wants a record of each second's share."""
        return self._fleet.spent_by(self._fleet.clock().replace(second=0, microsecond=0))

    async def open(self) -> None:
        """Read the ledger; while it cannot be read nothing is launched.

        One that is broken is begun anew once AWS was asked what runs.
        """
        if self._fleet.ledger.is_readable:
            return
        try:
            await self._fleet.ledger.load()
        except AwsError as error:
            self._is_broken = isinstance(error, LedgerBrokenError)
            _LOGGER.warning("%s", error)

    @callback
    def start(self) -> CALLBACK_TYPE:
        """Look from now on, again and again; return what ends that."""
        stops = [
            async_at_started(self._hass, self._sweep_soon),
            async_track_time_interval(
                self._hass, self._tick, TICK, name="gppde instances", cancel_on_shutdown=True
            ),
            self._look_once_more,
        ]
        return stop_all(stops)

    @callback
    def _look_once_more(self) -> None:
        # Whoever comes after us starts from what this look finds.
        self._hass.async_create_background_task(self._look(), "gppde instances at unload")

    async def leave(self) -> None:
        """End all there is, for nobody will look again; then take the rest away."""
        for attempt in self._fleet.ledger.attempts:
            await self._tried(self._fleet.life.end(attempt))
        await self._sweep()
        await self._tried(self._fleet.run(self._fleet.firewall.delete))

    @callback
    def _sweep_soon(self, _: HomeAssistant) -> None:
        self._in_background(self._sweep())

    @callback
    def _tick(self, now: datetime) -> None:
        if self._swept_at is None or now - self._swept_at >= INTERVAL:
            self._swept_at = now
            self._in_background(self._sweep())
        elif self.may_run:
            self._in_background(self._look())

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        self._entry.async_create_background_task(self._hass, work, "gppde instances")

    async def _sweep(self) -> None:
        await self._report(self._fleet.reconciler.sweep())

    async def _look(self) -> None:
        await self._report(self._fleet.reconciler.look())

    async def _report(self, looking: Awaitable[Findings]) -> None:
        """Tell a person what AWS does not confirm, and but once that it cannot be asked."""
        try:
            findings = await looking
            await self._mend_ledger(findings)
        except AwsError as error:
            self._complain(error)
        else:
            self._note_answer()
            self._tell(findings.unconfirmed)
        async_dispatcher_send(self._hass, self.signal)

    async def _mend_ledger(self, findings: Findings) -> None:
        """Begin a new one in place of a broken one, once nothing runs that it may have named."""
        if self._is_broken and not findings.suspects and not findings.unconfirmed:
            await self._fleet.ledger.start_anew()
            self._is_broken = False

    def _note_answer(self) -> None:
        if self._is_silent:
            _LOGGER.info("AWS tells again what runs")
        self._is_silent = False

    def _complain(self, error: AwsError) -> None:
        if isinstance(error, CredentialsError):
            self._entry.async_start_reauth(self._hass)
        if not self._is_silent:
            _LOGGER.warning("Nobody knows what runs at AWS: %s", error)
        self._is_silent = True
        self._tell([one.instance or one.id for one in self._fleet.ledger.unconfirmed])

    def _tell(self, unconfirmed: list[str]) -> None:
        if unconfirmed:
            names = ", ".join(unconfirmed)
            raise_issue(self._hass, "instance_unconfirmed", instances=names, region=self._region)
        else:
            clear_issue(self._hass, "instance_unconfirmed")

    async def _tried(self, doing: Awaitable[object]) -> None:
        try:
            await doing
        except AwsError as error:
            self._complain(error)
