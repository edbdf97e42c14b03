"""Instances that answer on loopback: what their user data says is what they serve."""

import base64
import gzip
import json
import re
import ssl
import tomllib
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, override

import yaml  # type: ignore[import-untyped]

from tests.gppde.quipgen_double import Quipgen, quipgen_running

from .call import Answer, Call, Forward
from .faults import Fault

ADDRESS = re.compile(rb"<ipAddress>[^<]*</ipAddress>")
LOOPBACK = b"<ipAddress>127.0.0.1</ipAddress>"
EVER = 10**9
LETTING_IN = "AuthorizeSecurityGroupIngress"
BEFALLEN = {"RunInstances", "DescribeInstances", "TerminateInstances", LETTING_IN}


@dataclass(slots=True, kw_only=True)
class Booting(Fault):
    """Nothing goes wrong: what is launched boots, has an address here, and ends when told to.

    `dead` ones never answer; `quipgen` is the server of the newest instance that does. It hears
    none but `admitted`, once the home is `seen_as` an address.
    """

    folder: Path
    times: int = EVER
    dead: bool = False
    quipgen: Quipgen | None = None
    seen_as: str | None = None
    admitted: str = ""
    launched: list[dict[str, Any]] = field(default_factory=list)
    """What each instance found in its user data, by the files' paths."""
    _power: AsyncExitStack = field(default_factory=AsyncExitStack)

    @override
    def befalls(self, call: Call) -> bool:
        return call.action in BEFALLEN

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        answer = await forward()
        if call.action == "RunInstances" and "DryRun" not in call.parameters:
            await self._boot(call.parameters["UserData"])
        if call.action == "TerminateInstances":
            await self._power.aclose()
        if call.action == LETTING_IN:
            self.admitted = call.parameters["IpPermissions.1.IpRanges.1.CidrIp"]
        return Answer(answer.status, ADDRESS.sub(LOOPBACK, answer.body), answer.content_type)

    async def _boot(self, user_data: str) -> None:
        files = _files(base64.b64decode(user_data).decode())
        self.launched.append(files)
        if self.dead:
            return
        port = tomllib.loads(files["/etc/quipgen/quipgen.toml"])["port"]
        running = quipgen_running(self._context(files), port, files["/etc/quipgen/token"])
        self.quipgen = await self._power.enter_async_context(running)
        self.quipgen.hears = self._hears
        self.quipgen.begin(json.loads(files["/etc/quipgen/order"]))

    def _hears(self) -> bool:
        return self.seen_as is None or f"{self.seen_as}/32" == self.admitted

    def _context(self, files: dict[str, Any]) -> ssl.SSLContext:
        pem = self.folder / "certificate.pem"
        pem.write_text(files["/etc/quipgen/certificate"])
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)
        return context


def _files(user_data: str) -> dict[str, Any]:
    written = yaml.safe_load(user_data)["write_files"]
    return {file["path"]: _content(file) for file in written}


def _content(file: dict[str, str]) -> str:
    if file.get("encoding") == "gz+b64":
        return gzip.decompress(base64.b64decode(file["content"])).decode()
    return file["content"]
