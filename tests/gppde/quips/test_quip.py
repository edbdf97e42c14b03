"""A quip and its metadata."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.errors import ArchiveError
from custom_components.gppde.quips.quip import LARGEST_SEED, Quip, is_uuid, speakable

from ..helpers import make_quip

SPEAKABLE = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=1000)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(
    text=SPEAKABLE,
    mood=st.floats(-1, 1),
    duration=st.floats(0, 60),
    created=st.datetimes(timezones=st.just(UTC)),
    seed=st.integers(0, LARGEST_SEED),
)
def test_a_quip_survives_being_written_and_read(**fields: Any) -> None:
    quip = make_quip(**fields)
    assert Quip.from_json(quip.as_json()) == quip


def test_metadata_has_the_fields_of_the_contract() -> None:
    quip = make_quip("Hm.", created=datetime(2026, 11, 20, 8, 30, tzinfo=UTC))
    assert quip.as_metadata() == {
        "format": 1,
        "uuid": quip.uuid,
        "text": "Hm.",
        "persona": "Hinge",
        "tone": "sunny",
        "mood": 0.5,
        "model": "test",
        "voice": "espeak",
        "duration": 0.5,
        "loudness": -18.0,
        "created": "2026-11-20T08:30:00Z",
        "seed": 42,
    }


def test_the_time_of_making_is_kept_in_utc() -> None:
    paris = datetime(2026, 11, 20, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    metadata = make_quip().as_metadata() | {"created": paris.isoformat()}
    assert Quip.from_metadata(metadata).created.isoformat() == "2026-11-20T08:30:00+00:00"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("format", None),
        ("uuid", "../../etc/passwd"),
        ("uuid", "C0FFEE00-0000-4000-8000-000000000000"),
        ("uuid", 7),
        ("text", ""),
        ("text", "a" * 1001),
        ("text", "a\nb"),
        ("text", "\ud800"),
        ("text", None),
        ("persona", ["Hinge"]),
        ("tone", "t" * 201),
        ("mood", 1.1),
        ("mood", True),
        ("mood", float("nan")),
        ("duration", -1),
        ("duration", 10**400),
        ("loudness", "loud"),
        ("created", "yesterday"),
        ("created", "2026-11-20T08:30:00"),
        ("created", "0001-01-01T00:00:00+23:59"),
        ("seed", 0.5),
        ("seed", LARGEST_SEED + 1),
    ],
)
def test_a_wrong_value_is_refused_by_name(key: str, value: object) -> None:
    with pytest.raises(ArchiveError, match=f"Its (metadata|{key})"):
        Quip.from_metadata(make_quip().as_metadata() | {key: value})


@pytest.mark.parametrize("key", sorted(make_quip().as_metadata()))
def test_a_missing_value_is_refused(key: str) -> None:
    metadata = make_quip().as_metadata()
    del metadata[key]
    with pytest.raises(ArchiveError):
        Quip.from_metadata(metadata)


@given(key=st.sampled_from(sorted(make_quip().as_metadata())), value=JSON)
def test_hostile_values_are_accepted_or_refused_but_never_break_anything(
    key: str, value: Any
) -> None:
    content = json.dumps(make_quip().as_metadata() | {key: value}).encode()
    try:
        quip = Quip.from_json(content)
    except ArchiveError:
        return
    assert Quip.from_json(quip.as_json()) == quip


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'"quip"', b"[" * 100_000, b"1" * 5000])
def test_what_is_not_a_json_object_is_refused(content: bytes) -> None:
    with pytest.raises(ArchiveError, match="JSON"):
        Quip.from_json(content)


def test_what_many_quips_share_is_in_memory_once() -> None:
    content = make_quip(persona="The door of the shed", voice="espeak-ng en-gb").as_json()
    one, other = Quip.from_json(content), Quip.from_json(content)
    assert one.persona is other.persona
    assert one.voice is other.voice


@given(st.text())
def test_any_text_can_be_made_speakable(text: str) -> None:
    assert not text.strip() or speakable(text) == "" or make_quip(speakable(text))
    quip = make_quip(speakable(text) or "?")
    assert Quip.from_json(quip.as_json()) == quip


def test_only_a_uuid_as_in_the_name_of_a_file_is_one() -> None:
    assert is_uuid(make_quip().uuid)
    assert not is_uuid(make_quip().uuid + "\n")
    assert not is_uuid(make_quip().uuid.upper())
    assert not is_uuid(None)
