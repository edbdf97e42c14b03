"""Keeps botocore from logging what we send: user data, credentials of a role, signatures.

Its debug messages quote whole calls and answers, and a house may log at that level.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_hushed = ContextVar("hushed", default=False)


class _Hush(logging.Filter):
    """Drops the debug messages of our own calls; those of others are theirs."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (_hushed.get() and record.levelno < logging.INFO)


_HUSH = _Hush()


@contextmanager
def hushed() -> Iterator[None]:
    """Silence what botocore's modules log at debug level inside this context.

    A filter works on the very logger that it is put on, not on its children.
    """
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("botocore"):
            logging.getLogger(name).addFilter(_HUSH)
    token = _hushed.set(True)
    try:
        yield
    finally:
        _hushed.reset(token)
