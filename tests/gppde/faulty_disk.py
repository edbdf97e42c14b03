"""A disk that fails, or a machine that dies, at any one of the calls that change files."""

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

CALLS = ("fsync", "mkdir", "rename", "unlink", "utime")


class Killed(BaseException):
    """The process is no more; like a kill, it is caught by nobody."""


def out_of_space() -> OSError:
    """Return what a full disk says."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def read_only() -> OSError:
    """Return what a disk says that was remounted in distress."""
    return OSError(errno.EROFS, os.strerror(errno.EROFS))


@contextmanager
def disk(*, error: BaseException | None = None, after: int = 0, times: int = 1) -> Iterator[None]:
    """Let `after` calls pass, then fail `times`. Nothing is really synced: that takes long."""
    countdown = iter([False] * after + [error is not None] * times)

    def failing(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if error and next(countdown, False):
                raise error
            return real(*args, **kwargs)

        return call

    with ExitStack() as stack:
        for name in CALLS:
            real = getattr(os, name) if name != "fsync" else lambda _: None
            stack.enter_context(patch.object(os, name, failing(real)))
        yield
