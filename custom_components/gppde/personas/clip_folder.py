"""The clips on disk: a file each, named by what it holds. It blocks."""

import re
from collections.abc import Container
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from ..errors import ClipMissingError
from ..files import stock_errors, sync, write_whole

# A clip, or what a crash left of one.
_OURS = re.compile(r"\.?[0-9a-f]{64}\.(wav|mp3|flac)(\.part)?")


class ClipFolder:
    """The files of all clips. Calls must not overlap, `read` excepted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, content: bytes, kind: str) -> str:
        """Store a clip and return its name; `kind` is wav, mp3 or flac. Raises StockError."""
        name = f"{sha256(content).hexdigest()}.{kind}"
        with stock_errors(self._path):
            self._path.mkdir(parents=True, exist_ok=True)
            write_whole(self._path / name, content)
            sync(self._path)
        return name

    def read(self, name: str) -> bytes:
        """Return what a clip holds. Raises ClipMissingError."""
        file = self._path / name
        try:
            return file.read_bytes()
        except OSError as error:
            raise ClipMissingError(
                "{file} cannot be read: {reason}.",
                file=str(file),
                reason=error.strerror or str(error),
            ) from error

    def keep_only(self, names: Container[str]) -> None:
        """Delete all other clips, but nothing that a person put there. Raises StockError."""
        with stock_errors(self._path), suppress(FileNotFoundError, NotADirectoryError):
            for file in list(self._path.iterdir()):
                if _OURS.fullmatch(file.name) and file.name not in names:
                    file.unlink()
        with suppress(OSError):  # it is not empty, or not there
            self._path.rmdir()
