"""What is launched at AWS, boots here."""

import asyncio
import base64
import os
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from typing import override

from aiohttp import ClientSession

from tests.gppde.aws.account import REGION
from tests.gppde.aws.booting import EVER, _files
from tests.gppde.aws.call import Answer, Call, Forward
from tests.gppde.aws.faults import Fault

from .clock import FastClock
from .machine import INTERRUPTED, TERMINATED, Machine, Temper

NEIGHBOUR = 256 + os.getpid() % 60_000
"""Whoever plays at the same time has other addresses on loopback."""
HOSTS = cycle(range(1, 255))
"""A machine that was ended while it began to listen may hold its address for a while."""
LIFE = timedelta(minutes=20)
TAG = "gppde:"
ID = re.compile(rb"<instanceId>(i-[^<]+)</instanceId>")
ITEM = re.compile(rb"<instanceId>(i-[^<]+)</instanceId>(?:(?!<instanceId>).)*", re.DOTALL)
ADDRESS = re.compile(rb"<ipAddress>[^<]*</ipAddress>")
LAUNCHED = re.compile(rb"<launchTime>[^<]*</launchTime>")
REASON = re.compile(rb"<stateReason>.*?</stateReason>|<stateReason/>", re.DOTALL)
SPOT = (
    b"<stateReason><code>Server.SpotInstanceTermination</code>"
    b"<message>Server.SpotInstanceTermination: Instance was interrupted</message></stateReason>"
)
ENDED = re.compile(rb"\(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)|\(\d{4}[^)]* UTC\)")
SIGNED = f"AWS4-HMAC-SHA256 Credential=testing/20261121/{REGION}/ec2/aws4_request, Signature=none"
END = "Action=TerminateInstances&Version=2016-11-15&InstanceId.1="


@dataclass(slots=True, kw_only=True)
class Machines(Fault):
    """Nothing goes wrong by itself: each machine has the next of the `tempers`, or none.

    `happened` hears what the machines go through; `late` are those seen running past their
    deadline, and `twice` those launched while they should not have been.
    """

    moto: str
    clock: FastClock
    folder: Path
    happened: Callable[[str], None]
    times: int = EVER
    tempers: list[Temper] = field(default_factory=list)
    all: list[Machine] = field(default_factory=list)
    late: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    _lives: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    @property
    def alive(self) -> list[Machine]:
        return [machine for machine in self.all if machine.is_alive]

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        answer = await forward()
        if answer.status != HTTPStatus.OK:
            return answer
        if call.action == "RunInstances" and "DryRun" not in call.parameters:
            self._launched(call, answer)
        if call.action == "TerminateInstances":
            await self._ended(str(call.parameters["InstanceId.1"]), TERMINATED)
        return self._seen(answer)

    def look(self) -> None:
        """Note what runs too long."""
        self.late |= {one.id for one in self.alive if self.clock.true() > one.launched + LIFE}

    async def interrupt(self) -> None:
        """Let AWS take back what runs."""
        for machine in self.alive:
            await self._let_end(machine, INTERRUPTED)

    async def close(self) -> None:
        """End what is left, at the end of a cell."""
        for machine in self.alive:
            await self._let_end(machine, "the end of the cell")

    def _launched(self, call: Call, answer: Answer) -> None:
        found = ID.search(answer.body)
        assert found
        id_ = found[1].decode()
        if any(machine.id == id_ for machine in self.all):
            return
        machine = self._make(id_, call)
        if any(one.is_alive or one.attempt == machine.attempt for one in self.all):
            self.twice.add(id_)
        self.all.append(machine)
        self._lives[id_] = asyncio.create_task(self._live(machine))

    def _make(self, id_: str, call: Call) -> Machine:
        tags = _tags(call)
        files = _files(base64.b64decode(call.parameters["UserData"]).decode())
        certificate = files["/etc/quipgen/certificate"].splitlines()
        return Machine(
            id=id_,
            home=tags[f"{TAG}home"],
            attempt=tags[f"{TAG}attempt"],
            token=str(call.parameters["ClientToken"]),
            address=f"127.{NEIGHBOUR >> 8}.{NEIGHBOUR & 255}.{next(HOSTS)}",
            launched=self.clock.true(),
            files=files,
            temper=self.tempers.pop(0) if self.tempers else Temper(),
            folder=self.folder,
            happened=self.happened,
            secrets=[files["/etc/quipgen/token"].strip(), *_long(certificate)],
        )

    async def _live(self, machine: Machine) -> None:
        why = await machine.live()
        # Not by the task itself, which the end cancels.
        machine_ended = asyncio.create_task(self._let_end(machine, why))
        await asyncio.shield(machine_ended)

    async def _let_end(self, machine: Machine, why: str) -> None:
        """Do as the shutdown behaviour says."""
        headers = {
            "Authorization": SIGNED,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        async with ClientSession() as session:
            await session.post(self.moto, data=f"{END}{machine.id}", headers=headers)
        await self._ended(machine.id, why)

    async def _ended(self, id_: str, why: str) -> None:
        for machine in self.alive:
            if machine.id == id_:
                machine.ended, machine.end = self.clock.true(), why
                machine.ended_at = time.time()
                self._lives[id_].cancel()
                with suppress(asyncio.CancelledError):
                    await machine.power_off()

    def _seen(self, answer: Answer) -> Answer:
        """Tell times by the fast clock, and addresses on loopback."""
        body = ITEM.sub(lambda item: self._item(item[0], item[1].decode()), answer.body)
        return Answer(answer.status, body, answer.content_type)

    def _item(self, item: bytes, id_: str) -> bytes:
        machine = next((one for one in self.all if one.id == id_), None)
        if machine is None:
            return item
        item = LAUNCHED.sub(f"<launchTime>{_iso(machine.launched)}</launchTime>".encode(), item)
        if machine.end == INTERRUPTED:
            item = REASON.sub(SPOT, item)
        if machine.ended:
            return ENDED.sub(f"({machine.ended:%Y-%m-%d %H:%M:%S} GMT)".encode(), item)
        self.happened("addressed" if machine.has_address else "without address")
        address = f"<ipAddress>{machine.address}</ipAddress>" if machine.has_address else ""
        return ADDRESS.sub(address.encode(), item)


def _iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"


def _tags(call: Call) -> dict[str, str]:
    keys = {name: value for name, value in call.parameters.items() if name.endswith(".Key")}
    return {
        value: str(call.parameters[name.removesuffix("Key") + "Value"])
        for name, value in keys.items()
    }


def _long(lines: list[str]) -> list[str]:
    return [line for line in lines if len(line) > 40]
