"""Free ports on loopback."""

import socket
from contextlib import closing

LOOPBACK = "127.0.0.1"


def free_port(wished: int = 0) -> int:
    """Return the wished port if it is free, else any free one."""
    for port in (wished, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            free: int = probe.getsockname()[1]
            return free
    raise OSError("no free port on loopback")
