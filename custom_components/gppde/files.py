"""Files that are there whole or not at all, and the disk's errors in words."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from .errors import StockError, StockFullError, StockUnwritableError

PART = ".part"
FULL = {errno.ENOSPC, errno.EDQUOT}
UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}


def write_whole(file: Path, content: bytes) -> None:
    """Write beside its place, sync, rename: a crash leaves all of it, or a hidden part."""
    part = file.with_name(f".{file.name}{PART}")
    try:
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(file)
    except OSError:
        discard(part)
        raise


def discard(file: Path) -> None:
    """Remove what is left of a failure, as far as the disk allows."""
    with suppress(OSError):
        file.unlink(missing_ok=True)


def sync(*folders: Path) -> None:
    """Make the names in these folders survive a power cut."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def move_into(folder: Path, file: Path) -> None:
    """Move a file into a folder, under another name where its own is taken."""
    folder.mkdir(exist_ok=True)
    names = (f"{file.stem}-{number}{file.suffix}" for number in count(2))
    target = folder / file.name
    while target.exists():
        target = folder / next(names)
    file.rename(target)


@contextmanager
def stock_errors(folder: Path) -> Iterator[None]:
    """Raise the disk's errors as StockError."""
    try:
        yield
    except OSError as error:
        raise in_words(error, folder) from error


def in_words(error: OSError, folder: Path) -> StockError:
    """Return what a person has to know of a failure, and can do."""
    if error.errno in FULL:
        return StockFullError(
            "The disk that holds {folder} is full. Make room on it.", folder=str(folder)
        )
    if error.errno in UNWRITABLE:
        return StockUnwritableError(
            "Home Assistant may not read and write all of {folder}. Correct its permissions.",
            folder=str(folder),
        )
    return StockError(
        "The disk failed at {folder}: {reason}.",
        folder=str(folder),
        reason=error.strerror or str(error),
    )
