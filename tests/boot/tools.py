"""What booting a machine takes, and how commands are run that must not fail."""

import os
import shutil
import subprocess
from pathlib import Path

PROGRAMS = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "ip": "iproute2",
    "unshare": "util-linux",
    "setpriv": "util-linux",
    "nsenter": "util-linux",
}


class BootError(Exception):
    """No machine can be made, or one did not do what was awaited; says what it did."""


def run(*command: str | Path, seconds: float = 60) -> str:
    """Return what the command prints. Raises BootError."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise BootError(f"{command[0]} took longer than {seconds:g} s") from error
    if done.returncode:
        raise BootError(f"{' '.join(map(str, command))}: {done.stdout[-2000:]}")
    return done.stdout


def lacking() -> str:
    """Tell why no machine can boot here; empty where one can."""
    if os.geteuid() != 0:
        return "only root can boot machines"
    packages = {package for name, package in PROGRAMS.items() if shutil.which(name) is None}
    if packages:
        return f"programs are missing: apt-get install {' '.join(sorted(packages))}"
    try:
        run("unshare", "--mount", "--net", "--pid", "--time", "--boottime", "1", "--fork", "true")
    except BootError as error:
        return f"this kernel gives no namespaces: {error}"
    return ""
