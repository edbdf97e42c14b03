import io
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from zipfile import ZIP_STORED, ZipFile

from quipgen_server.archive import pack_quip, pack_quips
from quipgen_server.quip import Metadata, Quip

from .client import read_quips


def a_quip(text: str = "Do come in, señor.") -> Quip:
    metadata = Metadata(
        text=text,
        persona="Eddie",
        tone="sunny",
        mood=0.5,
        model="quippy",
        voice="espeak-ng en-gb",
        duration=1.5,
        loudness=-18.0,
        seed=2**63 - 1,
    )
    return Quip(metadata, b"ID3 sound")


def test_a_quip_archive_holds_its_metadata_and_its_sound() -> None:
    quip = a_quip()
    with ZipFile(io.BytesIO(pack_quip(quip))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["metadata.json", "quip.mp3"]
        assert json.loads(archive.read("metadata.json")) == asdict(quip.metadata)
        assert archive.read("quip.mp3") == quip.mp3


def test_quips_are_packed_in_their_order_and_not_compressed_twice() -> None:
    quips = [a_quip(f"Line {number}.") for number in range(3)]
    archive = pack_quips(quips)
    assert [metadata["text"] for metadata, _ in read_quips(archive)] == [
        "Line 0.",
        "Line 1.",
        "Line 2.",
    ]
    with ZipFile(io.BytesIO(archive)) as opened:
        assert {entry.compress_type for entry in opened.infolist()} == {ZIP_STORED}


def test_no_quips_are_an_archive_too() -> None:
    assert read_quips(pack_quips([])) == []


def test_a_quip_is_made_now_and_has_a_name_of_its_own() -> None:
    first, second = a_quip().metadata, a_quip().metadata
    assert first.uuid != second.uuid
    created = datetime.fromisoformat(first.created)
    assert timedelta() <= datetime.now(UTC) - created < timedelta(minutes=1)
