"""A quipgen server on an instance that lives for one refill."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from secrets import token_urlsafe
from typing import Any

import voluptuous as vol

from ..aws.attempt import Attempt
from ..aws.certificate import make_certificate
from ..aws.errors import AwsError, CredentialsError
from ..aws.fleet import Fleet
from ..aws.ladder import rungs
from ..aws.life import Plan, UnconfirmedError
from ..aws.user_data import BootConfig, build
from ..ec2.settings import PORT, VOLUME_GIB, Ec2Settings
from ..errors import ArchiveError, SourceAuthError, SourceBudgetError, SourceError
from ..quipgen import QuipgenClient, QuipgenError, UnreachableError, clip_voice
from . import Events, Keep, Order, Progress, Ticket
from .admittance import Admittance, HomeAddress
from .cloned import voice_of
from .following import POLL, Followed, follow

LONGEST_BOOT = timedelta(minutes=8)
PAUSES = (2, 5, 10, 20, 30)
"""Seconds before a server that does not answer any more is asked again."""
LONGEST_AVOIDED = 500

type Connect = Callable[[str, str, str], QuipgenClient]
"""Takes a server's address, its token and the fingerprint of its certificate."""


@dataclass(slots=True)
class _Ticket(Followed):
    attempt: str = ""


_TICKET = vol.Schema(
    {
        "persona": str,
        "attempt": str,
        "batch": vol.Any(None, str),
        "collected": vol.All(int, vol.Range(min=0)),
    },
    required=True,
)


class Ec2Source:
    """Launches an instance for an order, collects what its server makes, and ends it."""

    def __init__(
        self,
        fleet: Fleet,
        settings: Ec2Settings,
        connect: Connect,
        home_address: HomeAddress,
    ) -> None:
        self._fleet = fleet
        self._settings = settings
        self._connect = connect
        self._admittance = Admittance(fleet, home_address, PORT)
        self._ending: asyncio.Future[None] | None = None

    async def make(self, order: Order, ticket: Ticket | None, keep: Keep) -> Events:
        """Go on with the instance that a crash left, else launch one."""
        try:
            async with aclosing(self._make(order, ticket, keep)) as events:
                async for event in events:
                    yield event
        except CredentialsError as error:
            raise SourceAuthError("{error}", error=error.words) from error
        except (AwsError, QuipgenError, ArchiveError) as error:
            raise SourceError("{error}", error=error.words) from error

    async def _make(self, order: Order, ticket: Ticket | None, keep: Keep) -> Events:
        client = None
        try:
            attempt = await self._resumed(order)
            if attempt is None:
                yield Progress("launching", 0, order.count)
                attempt = await self._launched(order)
            patience = LONGEST_BOOT.total_seconds()
            yield Progress("booting", 0, order.count, patience=patience)
            client = await self._reached(attempt)
            await voice_of(client, order)
            async for event in self._followed(client, _ticket(attempt, order, ticket), keep):
                yield event
        finally:
            # Shielded: whoever is impatient must not keep the instance from being ended.
            ending = self._ending = asyncio.ensure_future(self._end(client))
            await asyncio.shield(ending)

    async def _resumed(self, order: Order) -> Attempt | None:
        """Return the attempt that a crash left, if it was for this persona and is worth it."""
        running = self._fleet.ledger.running
        if running is None:
            return None
        if running.persona == _persona(order):
            return running if await self._fleet.life.resume(running) else None
        await self._fleet.life.end(running)
        return None

    async def _launched(self, order: Order) -> Attempt:
        self._check_budget()
        await self._check_alone()
        fleet, settings = self._fleet, self._settings
        offered = await fleet.run(partial(fleet.cloud.placements, settings.types))
        ladder = rungs(offered, settings.types, spot_first=settings.spot_first)
        return await fleet.life.launch(await self._plan(order), ladder)

    def _check_budget(self) -> None:
        spent, budget = self._fleet.spent, self._settings.budget
        if spent >= budget:
            raise SourceBudgetError(
                "{spent} of the {budget} dollars that you allow for a month are spent.",
                spent=f"{spent:.2f}",
                budget=f"{budget:.2f}",
            )

    async def _check_alone(self) -> None:
        """Launch nothing beside an instance of ours, such as one of which the ledger was lost."""
        told = await self._fleet.run(partial(self._fleet.cloud.instances, self._fleet.home))
        if alive := ", ".join(one.id for one in told if not one.is_gone):
            raise SourceError(
                "The instance {instance} still runs; it is being ended.", instance=alive
            )

    async def _plan(self, order: Order) -> Plan:
        certificate, bearer = make_certificate(), token_urlsafe(32)
        boot = BootConfig(
            certificate_pem=certificate.pem,
            bearer=bearer,
            order=await _body(order),
            package=self._settings.package,
            model=self._settings.model,
            voice_engine=self._settings.voice_engine,
            port=PORT,
        )
        return Plan(
            home=self._fleet.home,
            persona=_persona(order),
            image=self._settings.image,
            user_data=await self._fleet.run(partial(build, boot)),
            volume_gib=VOLUME_GIB,
            address=await self._admittance.address(),
            port=PORT,
            bearer=bearer,
            fingerprint=certificate.fingerprint,
            ceiling=self._settings.ceiling,
        )

    async def _reached(self, attempt: Attempt) -> QuipgenClient:
        """Wait until the server answers; whatever else answers there is not told the token."""
        end = self._fleet.clock() + LONGEST_BOOT
        address = await self._fleet.life.address(attempt)
        client = self._connect(f"https://{address}:{PORT}", attempt.bearer, attempt.fingerprint)
        while self._fleet.clock() < end:
            with suppress(QuipgenError):
                await client.health()
                return client
            await self._fleet.life.look(attempt)
            await self._admittance.renew()
            await self._fleet.sleep(POLL)
        raise SourceError("The instance was launched, but its server did not answer in time.")

    async def _followed(self, client: QuipgenClient, ticket: _Ticket, keep: Keep) -> Events:
        """Collect the batch, which began by itself, over short silences of the server."""
        ticket.batch = (await client.progress()).batch
        for pause in (*PAUSES, None):
            try:
                async for event in follow(client, ticket, keep):
                    yield event
            except UnreachableError:
                if pause is None or (running := self._fleet.ledger.running) is None:
                    raise
                await self._fleet.life.look(running)
                await self._fleet.sleep(pause)
                await self._admittance.renew()
            else:
                return

    async def _end(self, client: QuipgenClient | None) -> None:
        """End what runs: the server is told, the instance terminated, and AWS asked about it."""
        if (running := self._fleet.ledger.running) is None:
            return
        if client is not None:
            with suppress(QuipgenError):
                await client.dismiss()
        with suppress(UnconfirmedError):  # which the reconciler goes on with, and tells
            await self._fleet.life.end(running)


def _persona(order: Order) -> str:
    return order.brief.name.strip()


def _ticket(attempt: Attempt, order: Order, kept: Ticket | None) -> _Ticket:
    """Go on counting where the same attempt was left."""
    with suppress(vol.Invalid):
        if kept is not None and (ticket := _Ticket(**_TICKET(kept))).attempt == attempt.id:
            return ticket
    return _Ticket(persona=_persona(order), attempt=attempt.id)


async def _body(order: Order) -> dict[str, Any]:
    """Return the batch's order; a clip, which is too large for it, is sent later."""
    clip = await order.clip()
    voice = clip_voice(clip) if clip else order.brief.voice
    return {
        "count": order.count,
        "persona": asdict(replace(order.brief, voice=voice)),
        "avoid": [text[:LONGEST_AVOIDED] for text in order.avoid],
    }
