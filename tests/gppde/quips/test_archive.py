"""Archives of quips, honest and hostile."""

import stat
import struct
from collections.abc import Callable, Iterable
from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custom_components.gppde.errors import ArchiveError
from custom_components.gppde.quips.archive import (
    LARGEST_ARCHIVE,
    LARGEST_FILES,
    LARGEST_QUIP,
    METADATA,
    MOST_QUIPS,
    MP3,
    read_archive,
)
from custom_components.gppde.quips.quip import Quip

from ..helpers import make_mp3, make_quip

type Files = Iterable[tuple[str | ZipInfo, bytes]]

SOUND = make_mp3()
QUIP = make_quip("Only me.")


def zipped(files: Files, method: int = ZIP_STORED) -> bytes:
    """Return a zip; names may repeat."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def packed(quip: Quip = QUIP, mp3: bytes = SOUND, method: int = ZIP_STORED) -> bytes:
    """Return the inside of `quip-UUID.zip`."""
    return zipped([(METADATA, quip.as_json()), (MP3, mp3)], method)


def packed_metadata(metadata: bytes) -> bytes:
    """Return the inside of `quip-UUID.zip` with any metadata."""
    return zipped([(METADATA, metadata), (MP3, SOUND)])


def named(quip: Quip = QUIP) -> str:
    """Return the name of a quip's zip."""
    return f"quip-{quip.uuid}.zip"


def archived(*quips: Quip, method: int = ZIP_STORED) -> bytes:
    """Return an honest archive."""
    return zipped([(named(quip), packed(quip, method=method)) for quip in quips], method)


def reason_for_dropping(name: str | ZipInfo, content: bytes) -> str:
    """Return why an entry was dropped; the good one behind it must be kept."""
    good = make_quip("I am good.")
    harvest = read_archive(zipped([(name, content), (named(good), packed(good))]))
    assert harvest.quips == [(good, SOUND)]
    (dropped,) = harvest.dropped
    return str(dropped.reason)


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_an_honest_archive_gives_all_its_quips_in_order(method: int) -> None:
    quips = [make_quip(f"Line {number}.") for number in range(5)]
    harvest = read_archive(archived(*quips, method=method))
    assert harvest.quips == [(quip, SOUND) for quip in quips]
    assert harvest.dropped == []


def test_an_empty_archive_is_an_honest_answer() -> None:
    assert read_archive(zipped([])).quips == []


@pytest.mark.parametrize(
    "name",
    [
        "readme.txt",
        "quip-1.zip",
        f"folder/{named()}",
        f"/{named()}",
        f"../{named()}",
        f"{named()}/",
        named().upper(),
        "",
    ],
    ids=["text", "number", "inside", "absolute", "outside", "folder", "upper case", "nameless"],
)
def test_a_name_that_is_no_quips_is_dropped(name: str) -> None:
    assert "name is not quip-UUID.zip" in reason_for_dropping(name, packed())


def test_a_name_that_goes_on_behind_a_zero_byte_is_dropped() -> None:
    archive = zipped([(f"{named()}?.exe", packed())]).replace(b".zip?", b".zip\0")
    assert str(read_archive(archive).dropped[0].reason) == "Its name is not quip-UUID.zip."


def test_a_dropped_name_is_fit_to_be_shown() -> None:
    (dropped,) = read_archive(zipped([("\x1b[31mred" + "x" * 5000, b"")])).dropped
    assert dropped.name == "[31mred" + "x" * 73


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_entries_with_one_name_the_first_is_taken() -> None:
    harvest = read_archive(zipped([(named(), packed()), (named(), packed())]))
    assert harvest.quips == [(QUIP, SOUND)]
    assert "another one" in str(harvest.dropped[0].reason)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "names",
    [
        [],
        [METADATA],
        [MP3],
        [METADATA, MP3, "virus.sh"],
        [METADATA, MP3, MP3],
        [METADATA, f"./{MP3}"],
        [METADATA.upper(), MP3],
    ],
    ids=str,
)
def test_a_quip_that_holds_other_files_is_dropped(names: list[str]) -> None:
    content = {METADATA: QUIP.as_json()}
    inside = zipped((name, content.get(name, SOUND)) for name in names)
    assert "something else" in reason_for_dropping(named(), inside)


UNSOUND: dict[str, Callable[[], bytes]] = {
    "It is not a zip": lambda: b"PK" * 100,
    "Its metadata is of another quip": lambda: packed(make_quip()),
    "It is not an mp3": lambda: packed(mp3=b"ID3"),
    "Its mp3 lasts 0.1 s.": lambda: packed(mp3=make_mp3(0.1)),
    "Its mp3 lasts 69.8 s.": lambda: packed(mp3=make_mp3(70)),
    "Its mp3 lasts 5.0 s, its metadata says 0.5.": lambda: packed(mp3=make_mp3(5)),
    "Its metadata is not of format 1": lambda: packed_metadata(b"{}"),
    "Its metadata is not JSON": lambda: packed_metadata(b"{"),
    "It is packed in a way": lambda: packed(method=ZIP_BZIP2),
    "It unpacks to more than is allowed, 70000": lambda: packed_metadata(b" " * 70_000),
    "It unpacks to more than is allowed, 2097153": lambda: packed(mp3=bytes(2**21 + 1)),
    "It unpacks to more than is allowed, 1000000": lambda: packed(
        mp3=bytes(10**6), method=ZIP_DEFLATED
    ),
    "It is broken": lambda: packed().replace(SOUND[:4], bytes(4), 1),
    "The archive has more than 2 entries": lambda: zipped((str(n), b"") for n in range(7)),
}


@pytest.mark.parametrize("reason", UNSOUND)
def test_a_quip_that_is_not_sound_is_dropped_and_says_why(reason: str) -> None:
    assert reason_for_dropping(named(), UNSOUND[reason]()).startswith(reason)


def test_a_layer_2_sound_is_no_mp3() -> None:
    layer_2 = (bytes.fromhex("fffd8004") + bytes(413)) * 20
    assert "not an mp3" in reason_for_dropping(named(), packed(mp3=layer_2))


def test_three_frames_before_noise_are_no_mp3() -> None:
    noise = SOUND[: 3 * 417] + b"noise" * 1500
    assert "not an mp3" in reason_for_dropping(named(), packed(mp3=noise))


def test_a_link_is_dropped() -> None:
    link = ZipInfo(named())
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "a link" in reason_for_dropping(link, b"/etc/passwd")


def test_an_encrypted_quip_is_dropped() -> None:
    archive = bytearray(archived(QUIP))
    directory = archive.rindex(b"PK\x01\x02")
    archive[directory + 8] |= 1
    assert str(read_archive(bytes(archive)).dropped[0].reason) == "It is encrypted."


def declared(archive: bytes, size: int) -> bytes:
    """Let the last entry of a zip claim to unpack to `size` bytes."""
    lying = bytearray(archive)
    struct.pack_into("<I", lying, archive.rindex(b"PK\x01\x02") + 24, size)
    return bytes(lying)


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
@pytest.mark.parametrize("change", [-1, 1, -400])
def test_a_size_that_is_a_lie_is_noticed_while_reading(method: int, change: int) -> None:
    inside = declared(packed(method=method), len(SOUND) + change)
    assert reason_for_dropping(named(), inside).startswith("It is ")


def test_a_bomb_is_not_unpacked() -> None:
    bomb = zipped([(METADATA, QUIP.as_json()), (MP3, bytes(50 * 2**20))], ZIP_DEFLATED)
    assert len(bomb) < LARGEST_QUIP
    modest = declared(bomb, LARGEST_FILES[MP3])
    assert reason_for_dropping(named(), bomb).startswith("It unpacks to more")
    assert reason_for_dropping(named(), modest).startswith("It ")


IMPOSSIBLE: dict[str, Callable[[], bytes]] = {
    "not a zip": lambda: b"<html>Not found</html>",
    "cut off": lambda: archived(QUIP)[:-30],
    "a broken one": lambda: archived(QUIP)[-22:],
    "larger than 64 MB": lambda: bytes(LARGEST_ARCHIVE + 1),
    "more than 1000 entries": lambda: zipped((str(n), b"") for n in range(MOST_QUIPS + 1)),
    "has more than 1000": lambda: zipped((str(n), b"") for n in range(3 * MOST_QUIPS + 1)),
    "unpacks to more than 64 MB": lambda: declared(archived(QUIP), LARGEST_ARCHIVE + 1),
}


@pytest.mark.parametrize("reason", IMPOSSIBLE)
def test_an_archive_that_no_server_would_make_is_refused_as_a_whole(reason: str) -> None:
    with pytest.raises(ArchiveError, match=reason):
        read_archive(IMPOSSIBLE[reason]())


def test_entries_that_share_their_bytes_are_refused() -> None:
    lying = bytearray(archived(QUIP))
    struct.pack_into("<I", lying, lying.rindex(b"PK\x01\x02") + 20, len(lying) + 1)
    with pytest.raises(ArchiveError, match="overlap"):
        read_archive(bytes(lying))


def _flip(data: bytearray, at: int, value: int) -> None:
    data[at : at + 1] = bytes([value])


def _cut(data: bytearray, at: int, value: int) -> None:
    del data[at : at + value]


def _repeat(data: bytearray, at: int, value: int) -> None:
    data[at:at] = data[at : at + value]


def _overwrite(data: bytearray, at: int, value: int) -> None:
    data[at : at + 4] = value.to_bytes(4)


GOOD = {method: archived(QUIP, make_quip(), method=method) for method in (ZIP_STORED, ZIP_DEFLATED)}
MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from([_flip, _flip, _cut, _repeat, _overwrite]),
        st.integers(0, 2**16),
        st.integers(0, 255),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=600, deadline=None)
@given(
    method=st.sampled_from(sorted(GOOD)),
    mutations=MUTATIONS,
    near_the_end=st.booleans(),
)
def test_a_damaged_archive_is_refused_or_harmless(
    method: int,
    mutations: list[tuple[Callable[[bytearray, int, int], None], int, int]],
    near_the_end: bool,
) -> None:
    data = bytearray(GOOD[method])
    for mutate, place, value in mutations:
        at = len(data) - 1 - place % 700 if near_the_end else place % len(data)
        mutate(data, max(0, at), value)
    try:
        harvest = read_archive(bytes(data))
    except ArchiveError:
        return
    for quip, mp3 in harvest.quips:
        assert quip.uuid in {name[5:41] for name in ZipFile(BytesIO(data)).namelist()}
        assert len(mp3) <= LARGEST_FILES[MP3]
    assert all(str(dropped.reason) for dropped in harvest.dropped)


@settings(max_examples=300, deadline=None)
@given(head=st.binary(max_size=200), at=st.integers(0, 1000), noise=st.binary(max_size=50))
def test_any_bytes_in_place_of_the_sound_are_dropped_or_a_sound(
    head: bytes, at: int, noise: bytes
) -> None:
    mp3 = head + SOUND[:at] + noise + SOUND[at:]
    harvest = read_archive(zipped([(named(), packed(mp3=mp3))]))
    assert len(harvest.quips) + len(harvest.dropped) == 1


@given(st.binary(max_size=500))
def test_garbage_is_refused(data: bytes) -> None:
    with pytest.raises(ArchiveError):
        read_archive(data)
