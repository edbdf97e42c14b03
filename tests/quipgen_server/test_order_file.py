"""A server that begins with an order of its own."""

import json
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest

from quipgen_server.cli import main
from quipgen_server.errors import CommandError
from quipgen_server.order_file import read_order

from .client import TOKEN, an_order, read_quips
from .serving import serving
from .test_ending import OPEN, ask, progress, until


def ordered(folder: Path, content: Any) -> Path:
    file = folder / "order.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def test_the_batch_starts_by_itself_and_is_collected_as_any_other(tmp_path: Path) -> None:
    order = ordered(tmp_path, an_order(2))
    with serving(tmp_path, *OPEN, "--order", str(order)) as server:
        assert progress(server)["batch"]
        until(lambda: bool(progress(server)["finished"]))
        assert progress(server)["error"] is None
        assert len(read_quips(ask(server, "/quips/"))) == 2
        assert server.end() == 0


def test_a_second_order_is_refused_while_the_first_one_is_made(tmp_path: Path) -> None:
    order = ordered(tmp_path, an_order(200))
    with serving(tmp_path, *OPEN, "--order", str(order)) as server:
        with pytest.raises(HTTPError) as refused:
            ask(server, "/batch/", an_order(1))
        assert refused.value.code == 409
        assert json.loads(refused.value.read())["batch"] == progress(server)["batch"]


def test_dismissal_drops_it(tmp_path: Path) -> None:
    order = ordered(tmp_path, an_order(200))
    with serving(tmp_path, *OPEN, "--order", str(order)) as server:
        ask(server, "/server_dismissed/", {})
        assert progress(server)["stage"] == "idle"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "It is not JSON."),
        (an_order(0), "count: must be 1 to 200."),
        (an_order() | {"persona": {"name": "Eddie"}}, "persona.tone: required key not provided."),
    ],
)
def test_a_broken_order_ends_the_start_and_is_named(
    content: Any,
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("QUIPGEN_TOKEN", TOKEN)
    order = ordered(tmp_path, content)
    assert main(["serve", "--order", str(order)]) == 2
    error = capsys.readouterr().err
    assert f"The order in {order} cannot be carried out: {told}" in error


def test_an_order_that_is_not_there_ends_the_start(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Cannot read .*order\.json"):
        read_order(tmp_path / "order.json")
