"""A home that has an account at AWS: its folder, and its Home Assistant in a process."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.e2e.house.configuration import HOUSE
from tests.e2e.house.places import ROOT
from tests.e2e.house.ports import LOOPBACK, free_port
from tests.gppde.aws.account import REGION
from tests.gppde.helpers import PERSONA, make_mp3, make_quip

ENTRY = "faults-entry"
TARGET = 10
STARTERS = 2
SECRET = "a-secret-key-that-nobody-may-log"
LONGEST_STOP = 20.0
CONFIGURATION = (
    HOUSE
    + """\
logger:
  default: info
  logs:
    custom_components.gppde: debug
    botocore: debug
    boto3: debug
    aiohttp: debug
    urllib3: debug
"""
)


class Home:
    """`folder` holds all that it writes. What it does at AWS goes to the address in `aws`."""

    def __init__(self, folder: Path, aws: str) -> None:
        self.folder = folder
        self.config = folder / "config"
        self.storage = self.config / ".storage"
        self.log = folder / "home-assistant.log"
        self.started = 0.0
        self._aws = aws
        self._process: subprocess.Popen[bytes] | None = None
        self._furnish()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def quips(self) -> set[str]:
        """The UUIDs of those that are in the stock."""
        return {mp3.stem for mp3 in (self.config / "gppde" / PERSONA).glob("*/*.mp3")}

    @property
    def owes(self) -> bool:
        """Whether its ledger names an attempt."""
        try:
            return bool(json.loads((self.storage / "gppde.aws").read_text())["attempts"])
        except OSError, ValueError:
            return False

    def logs(self) -> str:
        """Return all that it ever said."""
        written = [self.log, *self.config.glob("*.log*")]
        return "".join(log.read_text(errors="replace") for log in written if log.exists())

    def start(self) -> None:
        """Start it, at `started`; a second start follows a stop or a kill."""
        self.started = time.time()
        # Even if we are killed, it is not left behind.
        command = ["setpriv", "--pdeathsig", "KILL", sys.executable, "-m"]
        command += ["tests.faults.launcher", str(self.folder)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._environment(),
                start_new_session=True,
            )

    def kill(self) -> None:
        """Kill -9 it: it can neither save nor finish anything."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to stop, as a system does."""
        self._signal(signal.SIGTERM)

    def leave(self) -> None:
        """Stop it for good, within seconds."""
        self.stop()
        end = time.monotonic() + LONGEST_STOP
        while self.is_running and time.monotonic() < end:
            time.sleep(0.05)
        self.kill()
        if self._process is not None:
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def _environment(self) -> dict[str, str]:
        nowhere = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
        aws = {"AWS_ENDPOINT_URL": self._aws, "AWS_EC2_METADATA_DISABLED": "true"}
        return {**os.environ, **nowhere, **aws}

    def _furnish(self) -> None:
        self.storage.mkdir(parents=True)
        port = free_port()
        url = f"http://{LOOPBACK}:{port}"
        (self.config / "configuration.yaml").write_text(CONFIGURATION.format(url=url))
        self._store("http", 1, {"server_host": [LOOPBACK], "server_port": port})
        steps = ["user", "core_config", "analytics", "integration"]
        self._store("onboarding", 4, {"done": steps})
        self._store("core.config_entries", 1, {"entries": [_entry()]}, minor=5)
        self._stock()

    def _store(self, key: str, version: int, data: dict[str, Any], minor: int = 1) -> None:
        content = {"version": version, "minor_version": minor, "key": key, "data": data}
        (self.storage / key).write_text(json.dumps(content))

    def _stock(self) -> None:
        fresh = self.config / "gppde" / PERSONA / "fresh"
        fresh.mkdir(parents=True)
        for number in range(STARTERS):
            quip = make_quip(f"Old line {number}.", duration=0.0)
            (fresh / f"{quip.uuid}.json").write_text(json.dumps(quip.as_metadata()))
            (fresh / f"{quip.uuid}.mp3").write_bytes(make_mp3())


def _entry() -> dict[str, Any]:
    now = datetime.now(UTC).isoformat()
    account = {"region": REGION, "access_key": "testing", "secret_key": SECRET}
    persona = {
        "description": "A cheerful door.",
        "tone": "sunny",
        "voice": "espeak",
        "target": TARGET,
        "low_water": TARGET // 2,
        "when_empty": "repeat",
    }
    subentry = {"data": persona, "subentry_id": PERSONA, "subentry_type": "persona"}
    return {
        "created_at": now,
        "modified_at": now,
        "data": {"source": "ec2", **account},
        "options": {"home_address": "203.0.113.5", "budget": 100.0},
        "subentries": [subentry | {"title": "Hinge", "unique_id": None}],
        "disabled_by": None,
        "discovery_keys": {},
        "domain": "gppde",
        "entry_id": f"{ENTRY}-{uuid4().hex[:8]}",
        "version": 1,
        "minor_version": 1,
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "title": "Quipgen on EC2",
        "unique_id": "123456789012",
    }
