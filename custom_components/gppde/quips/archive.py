"""Reads the zip of `quip-UUID.zip` that a server sends. It may be hostile: it is measured before it
is unpacked, held to these measures while it is, and nothing of it is written anywhere.
"""

import re
import stat
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ..errors import ArchiveError
from ..words import Words
from .mp3 import measure
from .quip import UUID, Quip, speakable

MOST_QUIPS = 1000
LARGEST_ARCHIVE = 64 * 2**20
LARGEST_QUIP = 3 * 2**20
MOST_INFLATION = 200

METADATA = "metadata.json"
MP3 = "quip.mp3"
LARGEST_FILES = {METADATA: 64 * 2**10, MP3: 2 * 2**20}

SHORTEST = 0.2
LONGEST = 60
TOLERANCE = 0.5
"""Seconds; encoders pad, and tell of it in different ways."""

NAME = re.compile(rf"quip-({UUID.pattern})\.zip")
LONGEST_NAME = 80
DIRECTORY_ENTRY = b"PK\x01\x02"
DIRECTORY_END = b"PK\x05\x06"
DIRECTORY_END_SIZE = 22
ENCRYPTED = 0x1

# All that zipfile raises over a broken archive; RuntimeError is its word for encryption.
BROKEN = (BadZipFile, zlib.error, EOFError, ValueError, OverflowError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A part of an archive that could not be used, and why, in a person's words."""

    name: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Harvest:
    """What an archive held: the good quips, each with its mp3, and the rest."""

    quips: list[tuple[Quip, bytes]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


def read_archive(data: bytes) -> Harvest:
    """Read a zip of `quip-UUID.zip`. Raises ArchiveError only if the outer zip cannot be used."""
    archive = _open(data, MOST_QUIPS)
    _check_total(archive.infolist(), len(data))
    harvest = Harvest()
    names: set[str] = set()
    for entry in archive.infolist():
        name = entry.orig_filename
        try:
            harvest.quips.append(_read_quip(archive, entry, names))
        except ArchiveError as error:
            harvest.dropped.append(Dropped(speakable(name)[:LONGEST_NAME], error.words))
        names.add(name)
    return harvest


def _open(data: bytes, most: int) -> ZipFile:
    if len(data) > LARGEST_ARCHIVE:
        raise ArchiveError(
            "The archive is larger than {megabytes} MB.", megabytes=LARGEST_ARCHIVE >> 20
        )
    # Counted before zipfile makes an object of each; the zips inside are stored and count as well.
    if data.count(DIRECTORY_ENTRY) > most * (len(LARGEST_FILES) + 1):
        raise ArchiveError("The archive has more than {most} entries.", most=most)
    # Of an archive that was cut off, zipfile would read a zip inside.
    if not data[-DIRECTORY_END_SIZE:].startswith(DIRECTORY_END):
        raise ArchiveError("It is not a zip, or it is cut off.")
    try:
        return ZipFile(BytesIO(data))
    except BROKEN as error:
        raise ArchiveError("It is not a zip, or a broken one.") from error


def _check_total(entries: list[ZipInfo], size: int) -> None:
    if len(entries) > MOST_QUIPS:
        raise ArchiveError("The archive has more than {most} entries.", most=MOST_QUIPS)
    if sum(entry.compress_size for entry in entries) > size:
        raise ArchiveError("The archive's entries overlap.")
    if sum(entry.file_size for entry in entries) > LARGEST_ARCHIVE:
        raise ArchiveError(
            "The archive unpacks to more than {megabytes} MB.", megabytes=LARGEST_ARCHIVE >> 20
        )


def _read_quip(archive: ZipFile, entry: ZipInfo, earlier: set[str]) -> tuple[Quip, bytes]:
    if entry.orig_filename in earlier:
        raise ArchiveError("The archive holds another one of this name.")
    named = NAME.fullmatch(entry.orig_filename)
    if not named:
        raise ArchiveError("Its name is not quip-UUID.zip.")
    inner = _open(_unpack(archive, entry, LARGEST_QUIP), len(LARGEST_FILES))
    metadata, mp3 = _unpack_files(inner)
    quip = Quip.from_json(metadata)
    if quip.uuid != named[1]:
        raise ArchiveError("Its metadata is of another quip.")
    _check_sound(quip, mp3)
    return quip, mp3


def _unpack_files(archive: ZipFile) -> tuple[bytes, bytes]:
    entries = {entry.orig_filename: entry for entry in archive.infolist()}
    if entries.keys() != LARGEST_FILES.keys() or len(archive.infolist()) != len(entries):
        raise ArchiveError(
            "It holds something else than {metadata} and {mp3}.", metadata=METADATA, mp3=MP3
        )
    files = {name: _unpack(archive, entries[name], most) for name, most in LARGEST_FILES.items()}
    return files[METADATA], files[MP3]


def _unpack(archive: ZipFile, entry: ZipInfo, most: int) -> bytes:
    _check_entry(entry, most)
    try:
        with archive.open(entry) as file:
            content = file.read(most + 1)
    except BROKEN as error:
        raise ArchiveError("It is broken.") from error
    if len(content) != entry.file_size:
        raise ArchiveError("It is not as long as it says.")
    return content


def _check_entry(entry: ZipInfo, most: int) -> None:
    if entry.flag_bits & ENCRYPTED:
        raise ArchiveError("It is encrypted.")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise ArchiveError("It is packed in a way that is not used for quips.")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise ArchiveError("It is a link or a folder.")
    if entry.file_size > min(most, MOST_INFLATION * entry.compress_size):
        raise ArchiveError(
            "It unpacks to more than is allowed, {size} bytes.", size=entry.file_size
        )


def _check_sound(quip: Quip, mp3: bytes) -> None:
    duration = measure(BytesIO(mp3))
    if not SHORTEST <= duration <= LONGEST:
        raise ArchiveError("Its mp3 lasts {seconds} s.", seconds=f"{duration:.1f}")
    if abs(duration - quip.duration) > TOLERANCE:
        raise ArchiveError(
            "Its mp3 lasts {seconds} s, its metadata says {told}.",
            seconds=f"{duration:.1f}",
            told=f"{quip.duration:.1f}",
        )
