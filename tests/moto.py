"""moto, which speaks AWS's protocol, as a server of its own on loopback."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

LONGEST_LIFE = 7200
"""Seconds after which the server ends whatever happens to us."""
LONGEST_START = 60.0
LONGEST_STOP = 10.0
ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).with_name("images.json")
"""All that are on offer: moto's own are so many that each answer about snapshots takes a second."""
RESET = "moto-api/reset"
LISTENS = re.compile(r"Running on (http://[\d.:]+)")


@contextmanager
def moto_serving(folder: Path, through: Sequence[str | Path] = ()) -> Iterator[str]:
    """Run moto on a free port, and yield its address; its log goes to `folder`.

    `through` is a module that runs other modules, and its arguments.
    """
    log = folder / "moto.log"
    # Even if we are killed, moto is not left behind: timeout passes the signal on.
    command = ["setpriv", "--pdeathsig", "TERM", "timeout", f"--kill-after={LONGEST_STOP}"]
    command += [str(LONGEST_LIFE), sys.executable, "-m", *map(str, through)]
    command += ["moto.server", "--host", "127.0.0.1", "--port", "0"]
    with (
        log.open("w") as stream,
        subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {"MOTO_AMIS_PATH": str(IMAGES), "PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=stream,
        ) as process,
    ):
        try:
            yield _address(process, log)
        finally:
            _stop(process)


def reset(url: str) -> None:
    """Forget everything but the default VPC and its subnets."""
    with urlopen(Request(f"{url}/{RESET}", method="POST"), timeout=LONGEST_STOP):  # noqa: S310
        pass


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + LONGEST_START
    while time.monotonic() < deadline and process.poll() is None:
        if found := LISTENS.search(log.read_text()):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"moto did not start:\n{log.read_text()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
