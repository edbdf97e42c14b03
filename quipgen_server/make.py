"""Makes quips on this machine, without a server."""

from pathlib import Path

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

from .archive import metadata_json
from .batch import Batch
from .errors import CommandError
from .quip import Quip


def make(batch: Batch, folder: Path) -> None:
    """Saves each quip as it is made. Raises QuipgenError where there are fewer than ordered."""
    with logging_redirect_tqdm(), tqdm(total=batch.left, unit="quip", leave=False) as bar:

        def keep(quip: Quip) -> None:
            _save(quip, folder)
            bar.write(f"{quip.metadata.uuid}  {quip.metadata.text}")
            bar.update()

        batch.on_quip = keep
        batch.run()
    if batch.error:
        raise batch.error


def _save(quip: Quip, folder: Path) -> None:
    stem = folder / quip.metadata.uuid
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write_whole(stem.with_suffix(".json"), metadata_json(quip).encode())
        _write_whole(stem.with_suffix(".mp3"), quip.mp3)
    except OSError as error:
        raise CommandError(f"Cannot write to {folder}: {error.strerror}.") from error


def _write_whole(file: Path, content: bytes) -> None:
    """A file of that name is never half written."""
    part = file.with_suffix(f"{file.suffix}.part")
    part.write_bytes(content)
    part.replace(file)
