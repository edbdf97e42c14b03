"""Runs a program by the household's clock.

python -m tests.soak.launcher CLOCK MODULE [ARGUMENTS]
"""

import runpy
import sys
from pathlib import Path

from .clock import HouseClock


def main() -> None:
    """Run it in this process."""
    _, clock, module, *arguments = sys.argv
    HouseClock(Path(clock)).rule()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
