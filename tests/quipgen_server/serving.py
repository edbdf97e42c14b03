"""`quipgen serve` as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .client import TOKEN

LONGEST_END = 12


@dataclass(frozen=True)
class Serving:
    url: str
    process: subprocess.Popen[str]
    log: Path

    def end(self) -> int:
        """Tells it to end; its exit status."""
        self.process.terminate()
        return self.process.wait(LONGEST_END)


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[Serving]:
    log = folder / "quipgen.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [
                *(sys.executable, "-m", "quipgen_server", "serve", "--port", "0"),
                *("--state", str(folder / "state"), *arguments),
            ],
            env=os.environ | {"QUIPGEN_TOKEN": TOKEN},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert "listens on" in line, log.read_text()
            yield Serving(line.split()[-1], process, log)
        finally:
            if process.poll() is None:
                process.kill()
