"""`quip-UUID.zip`, and the zip of them that a client collects."""

import io
import json
from collections.abc import Iterable
from dataclasses import asdict
from zipfile import ZIP_STORED, ZipFile

from .quip import Quip


def metadata_json(quip: Quip) -> str:
    return json.dumps(asdict(quip.metadata), indent=2)


def pack_quip(quip: Quip) -> bytes:
    """A zip with `metadata.json` and `quip.mp3`."""
    return _zip([("metadata.json", metadata_json(quip).encode()), ("quip.mp3", quip.mp3)])


def pack_quips(quips: Iterable[Quip]) -> bytes:
    """A zip of `quip-UUID.zip`, in the order given."""
    return _zip((f"quip-{quip.metadata.uuid}.zip", pack_quip(quip)) for quip in quips)


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()
