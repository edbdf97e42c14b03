"""How a server ends: told to, out of time, or dismissed, whatever it is doing."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from .client import TOKEN, an_order, read_quips
from .serving import Serving, serving

BOOTED_LONG_AGO = "0"
A_YEAR = "525600"
"""However long this machine has been running."""
OPEN = ("--tls", "false")


def ask(server: Serving, path: str, body: Any = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with urlopen(Request(server.url + path, data, headers), timeout=5) as answer:  # noqa: S310
        return bytes(answer.read())


def progress(server: Serving) -> dict[str, Any]:
    return dict(json.loads(ask(server, "/quip_progress/")))


def until(happened: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ends_the_machine(folder: Path, boot_minutes: str = A_YEAR) -> tuple[str, ...]:
    end = ("--end-command", f"touch {folder / 'off'}")
    return ("--own-machine", "true", *end, "--boot-minutes", boot_minutes)


def test_told_to_end_it_finishes_the_running_quip_and_hands_it_over(tmp_path: Path) -> None:
    with serving(tmp_path, *OPEN) as server:
        ask(server, "/batch/", an_order(200))
        until(lambda: progress(server)["created"] > 0)
        server.process.terminate()
        until(lambda: bool(progress(server)["finished"]), 8)
        told = progress(server)
        quips = read_quips(ask(server, "/quips/"))
        assert told["error"]["error"] == "ending"
        assert len(quips) == told["created"] < 200
        assert server.process.wait(10) == 0


def test_told_to_end_while_it_loads_it_ends_within_ten_seconds(tmp_path: Path) -> None:
    with serving(tmp_path, *OPEN) as server:
        ask(server, "/batch/", an_order(1))
        start = time.monotonic()
        server.end()
        assert time.monotonic() - start < 10.5
        assert "Traceback" not in server.log.read_text()


def test_on_a_machine_of_its_own_dismissal_ends_both(tmp_path: Path) -> None:
    own = ends_the_machine(tmp_path)
    with serving(tmp_path, *OPEN, *own) as server:
        assert progress(server)["stage"] == "idle"
        ask(server, "/server_dismissed/", {})
        assert server.process.wait(10) == 0
    assert (tmp_path / "off").exists()


def test_on_a_machine_of_its_own_time_ends_both(tmp_path: Path) -> None:
    own = ends_the_machine(tmp_path, BOOTED_LONG_AGO)
    with serving(tmp_path, *OPEN, *own) as server:
        assert server.process.wait(10) == 0
    assert (tmp_path / "off").exists()


def test_an_idle_batch_ends_it_too(tmp_path: Path, tiny_model: Path) -> None:
    own = (*ends_the_machine(tmp_path), "--idle-minutes", "0")
    with serving(tmp_path, *OPEN, *own, "--model", str(tiny_model)) as server:
        ask(server, "/batch/", an_order(1))
        assert server.process.wait(60) == 0
    assert (tmp_path / "off").exists()


@pytest.mark.parametrize("own", [True, False])
def test_told_to_end_it_leaves_the_machine_running(tmp_path: Path, own: bool) -> None:
    arguments = ends_the_machine(tmp_path) if own else ()
    with serving(tmp_path, *OPEN, *arguments) as server:
        assert server.end() == 0
    assert not (tmp_path / "off").exists()


def test_on_a_machine_of_others_dismissal_only_makes_it_idle(tmp_path: Path) -> None:
    with serving(tmp_path, *OPEN) as server:
        ask(server, "/server_dismissed/", {})
        time.sleep(1.5)
        assert progress(server)["stage"] == "idle"
        server.end()
        with pytest.raises(URLError):
            progress(server)
