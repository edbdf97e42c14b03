"""A real quipgen server in its own environment."""

import os
import select
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from custom_components.gppde.quipgen import QuipgenClient

TOKEN = "a-token-of-this-very-test"
ROOT = Path(__file__).parents[2]
ENVIRONMENTS = Path(os.environ.get("GPPDE_ENVIRONMENTS", ROOT / ".venv"))
LONGEST_START = 60.0
LONGEST_STOP = 10.0

type Connect = Callable[..., QuipgenClient]


@dataclass(frozen=True)
class Serving:
    """Where it listens, and its certificate's SHA-256; `process` may be killed."""

    url: str
    fingerprint: str
    process: subprocess.Popen[bytes]


@contextmanager
def quipgen_serving(folder: Path, *flags: str | Path) -> Iterator[Serving]:
    """Run `quipgen serve` on a free port; its log goes to `folder`."""
    token = folder / "token"
    token.write_text(TOKEN)
    quipgen = ENVIRONMENTS / "server/bin/quipgen"
    assert quipgen.exists(), f"There is no {quipgen}. Run scripts/setup."
    command: list[str | Path] = [quipgen, "serve", "--port", "0", "--token-file", token]
    command += ["--state", folder / "state", *flags]
    with (
        (folder / "quipgen.log").open("w") as log,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, bufsize=0
        ) as process,
    ):
        try:
            url = _told(process.stdout, "listens on")
            fingerprint = _told(process.stdout, "certificate sha256")
            yield Serving(url, fingerprint.replace(":", ""), process)
        finally:
            _stop(process)


def _told(output: IO[bytes] | None, what: str) -> str:
    """Return the last word of the server's next line."""
    assert output
    ready, _, _ = select.select([output], [], [], LONGEST_START)
    line = output.readline().decode() if ready else ""
    assert what in line, f"The server did not start: {line!r}"
    return line.split()[-1]


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(LONGEST_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
