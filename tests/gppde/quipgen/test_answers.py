"""Is what a server says believed only where it makes sense?"""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.quipgen import (
    BatchProgress,
    IncompatibleVersionError,
    LyingError,
    NotQuipgenError,
    QuipgenError,
)

from .answering import PROGRESS, Connect, says


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, NotQuipgenError),
        ([], NotQuipgenError),
        ({"status": "ok", "version": "soon", "stage": "idle"}, NotQuipgenError),
        ({"status": "ok", "version": 0.1, "stage": "idle"}, NotQuipgenError),
        ({"status": "ill", "version": "0.1.0", "stage": "idle"}, NotQuipgenError),
        ({"status": "ok", "version": "0.1.0"}, NotQuipgenError),
        ({"status": "ok", "version": "1.0.0", "stage": "idle"}, IncompatibleVersionError),
    ],
)
async def test_only_a_server_for_us_is_healthy(
    connect: Connect, body: Any, error: type[QuipgenError]
) -> None:
    client = await connect(says(body))
    with pytest.raises(error):
        await client.health()


async def test_an_incompatible_version_is_named(connect: Connect) -> None:
    client = await connect(says({"status": "ok", "version": "12.3.4rc1", "stage": "idle"}))
    with pytest.raises(IncompatibleVersionError, match=r"12\.3\.4rc1") as caught:
        await client.health()
    assert caught.value.version == "12.3.4rc1"


@pytest.mark.parametrize(
    "change",
    [
        {"batch": 7},
        {"batch": ""},
        {"batch": "b" * 101},
        {"stage": None},
        {"stage": "a\x00b"},
        {"created": "1"},
        {"created": 1.0},
        {"created": True},
        {"created": -1, "left": 4},
        {"created": 4, "left": 0},
        {"left": 3},
        {"total": 0},
        {"finished": "no"},
        {"finished": None},
    ],
    ids=str,
)
async def test_a_progress_that_makes_no_sense_is_a_lie(
    connect: Connect, change: dict[str, Any]
) -> None:
    client = await connect(says(PROGRESS | change))
    with pytest.raises(LyingError):
        await client.progress()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (None, None),
        ("Out of memory", "Out of memory"),
        ({"error": "too_few", "message": "Only two were good."}, "Only two were good."),
        ({"error": "too_few"}, "too_few"),
        ({}, ""),
    ],
)
async def test_a_batch_that_ended_early_says_why(
    connect: Connect, error: Any, told: str | None
) -> None:
    client = await connect(says(PROGRESS | {"left": 0, "finished": True, "error": error}))
    progress = await client.progress()
    assert (progress.finished, progress.error) == (True, told)


async def test_a_server_that_made_nothing_yet_has_no_batch(connect: Connect) -> None:
    idle = {"batch": None, "created": 0, "left": 0, "total": 0}
    client = await connect(says(PROGRESS | idle))
    assert (await client.progress()).batch is None


@given(
    key=st.sampled_from(sorted(PROGRESS)),
    value=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([{}]),
)
def test_a_hostile_progress_is_a_lie_or_adds_up(key: str, value: Any) -> None:
    try:
        progress = BatchProgress.parse(json.dumps(PROGRESS | {key: value}).encode())
    except LyingError:
        return
    assert 0 <= progress.created <= progress.created + progress.left <= progress.total
    assert progress.stage.isprintable()
    assert progress.error is None or progress.error.isprintable()
