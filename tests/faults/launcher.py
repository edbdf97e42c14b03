"""Runs Home Assistant in a hurry: `python -m tests.faults.launcher FOLDER`.

In the folder are the clock's file, the configuration, and the trace; a file named `full` there
makes the disk full, and one named `without_finally` takes the refill's own `finally` away.
"""

import errno
import os
import sys
from pathlib import Path
from unittest.mock import patch

FULL = "full"
WITHOUT_FINALLY = "without_finally"


def main() -> int:
    """Run Home Assistant until it is told to stop, or killed."""
    folder = Path(sys.argv[1])
    _let_the_disk_be_full(folder)
    # Not before: what writes to the disk takes its functions from `os` once and for all.
    from . import hurry  # noqa: PLC0415

    sys.argv = ["hass", "--config", str(folder / "config"), "--skip-pip"]
    return hurry.run(folder, with_finally=not (folder / WITHOUT_FINALLY).exists())


def _let_the_disk_be_full(folder: Path) -> None:
    fsync, flag = os.fsync, folder / FULL

    def maybe_full(descriptor: int) -> None:
        if flag.exists():
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    patch.object(os, "fsync", maybe_full).start()


if __name__ == "__main__":
    sys.exit(main())
