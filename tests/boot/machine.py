"""A machine that boots on user data and is gone in time, whatever happens to those who watch it."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

from .image import Image, overlay
from .tools import BootError, run

LONGEST_LIFE = 300.0  # seconds, whatever it does
LONGEST_DEATH = 10.0  # seconds
NETWORKS = 250

type Boot = Callable[..., Machine]

# It waits until it is wired. Being the first process of its namespace, it takes all others with it
# when it is killed, and with the last of them go its mounts and its network.
START = """
echo started
read -r address public
ip link set lo up
ip addr add "$address/30" dev host0
[ -z "$public" ] || ip addr add "$public/32" dev lo
ip link set host0 up
mount -t overlay overlay -o "$1" "$2"
shift
exec systemd-nspawn --quiet --boot --register=no --keep-unit --console=pipe \
  --machine="gppde-$address" --directory "$@" </dev/null >&2
"""


@dataclass
class Machine:
    """One that was booted; `address` is its IPv4 as seen from here."""

    address: str
    _process: subprocess.Popen[str] = field(repr=False)
    _nspawn: int
    _folder: Path
    _console: Path

    @classmethod
    def boot(
        cls,
        user_data: str,
        image: Image,
        folder: Path,
        public: str = "",
        limit: float = LONGEST_LIFE,
    ) -> Self:
        """Return at once. `folder` is for this machine alone; `limit` is in seconds.

        `public` is the address that it shall have, else one is chosen.
        """
        _seed(folder / "top", user_data)
        console = folder / "console"
        with console.open("w") as output:
            process = _start(image, folder, output, limit)
        try:
            return cls(*_wired(process, public), folder, console)
        except BaseException:
            process.kill()
            process.wait()
            raise

    @property
    def is_running(self) -> bool:
        """Whether it has neither powered itself off nor been killed."""
        return self._process.poll() is None

    def wait_off(self, seconds: float) -> float:
        """Wait until it powered itself off, and return how many seconds that took."""
        begun = time.monotonic()
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise BootError(f"It is still on after {seconds:g} s.\n{self.log}") from None
        if status:
            raise BootError(f"It did not power itself off, status {status}.\n{self.log}")
        return time.monotonic() - begun

    def kill(self) -> None:
        """Pull the plug. Does nothing to one that is off."""
        if self.is_running:
            os.kill(self._nspawn, signal.SIGKILL)
            self._process.wait(LONGEST_DEATH)

    def run(self, *command: str) -> str:
        """Return what a command prints that root runs inside. Raises BootError."""
        init = _child(self._nspawn)
        return run("nsenter", "--target", str(init), "--all", "--", *command)

    @property
    def log(self) -> str:
        """What cloud-init and systemd told, for a person who looks for a fault."""
        top = self._folder / "top/var/log"
        texts = [self._console, *sorted(top.glob("cloud-init*.log"))]
        told = [text.read_text(errors="replace") for text in texts if text.exists()]
        return "\n".join([*told, self.journal])

    @property
    def journal(self) -> str:
        """What systemd and the server told."""
        journal = self._folder / "top/var/log/journal"
        return run("journalctl", "--no-pager", "--directory", journal) if journal.exists() else ""


def _seed(top: Path, user_data: str) -> None:
    seed = top / "var/lib/cloud/seed/nocloud"
    seed.mkdir(parents=True)
    (seed / "user-data").write_text(user_data)
    (seed / "user-data").chmod(0o600)
    (seed / "meta-data").write_text('{"instance-id": "i-0123456789abcdef0"}\n')


def _start(image: Image, folder: Path, output: IO[str], limit: float) -> subprocess.Popen[str]:
    (folder / "work").mkdir()
    (folder / "root").mkdir()
    return subprocess.Popen(
        [
            *("timeout", "--signal=KILL", str(limit), "setpriv", "--pdeathsig=KILL"),
            *("unshare", "--mount", "--net", "--pid", "--mount-proc", "--fork"),
            "--kill-child=KILL",
            *("--time", "--boottime", _until_now(time.CLOCK_BOOTTIME)),
            *("--monotonic", _until_now(time.CLOCK_MONOTONIC)),
            *("sh", "-euc", START, "sh"),
            overlay(image.layers, folder / "top", folder / "work"),
            folder / "root",
            *(f"--bind-ro={here}:{there}" for here, there in image.seen),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=output,
        text=True,
    )


def _until_now(clock: int) -> str:
    """What makes that clock begin now."""
    return f"-{int(time.clock_gettime(clock))}"


def _wired(process: subprocess.Popen[str], public: str) -> tuple[str, subprocess.Popen[str], int]:
    """Give it an address, and let it boot."""
    assert process.stdin
    assert process.stdout
    if not process.stdout.readline():
        raise BootError("The machine could not be started; its console tells why")
    process.stdout.close()
    nspawn = _child(_child(process.pid))  # timeout, unshare
    number = next(filter(lambda free: _linked(free, nspawn), range(NETWORKS)), None)
    if number is None:
        raise BootError(f"More than {NETWORKS} machines, or no network can be made")
    address = f"10.213.{number}.2"
    if public:
        run("ip", "route", "add", public, "via", address)
    process.stdin.write(f"{address} {public}\n")
    process.stdin.close()
    return public or address, process, nspawn


def _child(process: int) -> int:
    return int(run("pgrep", "--parent", str(process)))


def _linked(number: int, process: int) -> bool:
    """Whether that network was free and now reaches the process'. It ends with the process."""
    name = f"gppde{number}"
    peer = ("peer", "name", "host0", "netns", str(process))
    try:
        run("ip", "link", "add", name, "type", "veth", *peer)
    except BootError:
        return False
    run("ip", "addr", "add", f"10.213.{number}.1/30", "dev", name)
    run("ip", "link", "set", name, "up")
    return True
