"""How much memory a process holds."""

import os
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(process: int | str = "self") -> float:
    """Return the MB that a process has in memory."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * PAGE / 1e6


def peak(process: int) -> float:
    """Return the MB that a process had in memory when it had most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    status = dict(line.split(":", 1) for line in lines)
    return int(status["VmHWM"].split()[0]) * 1024 / 1e6


def largest_child() -> float:
    """Return the MB that the largest process that we started had when it had most."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return max(peak(int(child)) for child in children)
