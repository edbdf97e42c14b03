import runpy
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from quipgen_server import __version__
from quipgen_server.cli import main

from .client import TOKEN
from .tiny_model import save_tiny_model

COMMANDS = ("serve", "make", "write", "judge", "voices", "train", "bake")
LINES = "Hello there, you.\n\n  \nGoodbye, you.\n"


def test_help_comes_at_once_and_tells_the_commands() -> None:
    start = time.monotonic()
    shown = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "quipgen_server", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert time.monotonic() - start < 5
    for command in COMMANDS:
        assert command in shown.stdout
    for heavy in ("torch", "transformers", "numpy", "aiohttp"):
        assert f" {heavy}\n" not in shown.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "Exit status" in capsys.readouterr().out


def test_the_version_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["quipgen", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("quipgen_server", run_name="__main__")
    assert capsys.readouterr().out == f"quipgen {__version__}\n"


def test_without_a_token_it_does_not_serve(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("QUIPGEN_TOKEN", raising=False)
    assert main(["serve"]) == 2
    told = capsys.readouterr().err
    assert "token_urlsafe" in told
    assert "--token-file" in told
    assert "QUIPGEN_TOKEN" in told


@pytest.mark.parametrize("token", ["short", "t\u00f6ken" * 8, "two lines\n" * 8])
def test_a_poor_token_is_refused_and_not_shown(
    token: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    file = tmp_path / "token"
    file.write_text(token)
    monkeypatch.setenv("QUIPGEN_TOKEN", TOKEN)
    assert main(["serve", "--token-file", str(file)]) == 2
    told = capsys.readouterr().err
    assert "at least 16" in told
    assert token not in told


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xff"])
def test_a_token_file_that_cannot_be_read_is_told(
    content: bytes | None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "token"
    if content:
        file.write_bytes(content)
    assert main(["serve", "--token-file", str(file)]) == 2
    assert f"Cannot read {file}" in capsys.readouterr().err


def test_it_does_not_serve_a_missing_model(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIPGEN_TOKEN", TOKEN)
    assert main(["serve", "--model", "/nowhere"]) == 1
    assert "no language model in /nowhere" in capsys.readouterr().err


def test_a_port_in_use_is_told(
    tiny_model: Path,
    unused_tcp_port: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("QUIPGEN_TOKEN", TOKEN)
    command = ["serve", "--model", str(tiny_model), "--host", "192.0.2.1", "--state", str(tmp_path)]
    assert main([*command, "--port", str(unused_tcp_port)]) == 2
    assert "Choose another --host or --port" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-n", "0"], "count: must be 1 to 200"),
        (["--tone", "angry"], "persona.tone: must be one of"),
        (["--voice", "a b"], "persona.voice: may have"),
        (["--seed", "-1"], "seed: must be 0 to"),
        (["--avoid-file", "/nowhere"], "Cannot read /nowhere"),
    ],
)
def test_wrong_wishes_are_named(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["make", "-o", str(tmp_path), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_a_model_that_writes_noise_fails_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_tiny_model(tmp_path, window=8, prompt_template='"')
    avoid = tmp_path / "avoid"
    avoid.write_text(LINES)
    command = ["make", "-n", "1", "-o", str(tmp_path), "--model", str(tmp_path)]
    assert main([*command, "--seed", "1", "--avoid-file", str(avoid)]) == 1
    assert "0 of 1 quips" in capsys.readouterr().err


def test_an_interrupted_command_ends_at_once_and_says_so(tiny_model: Path, tmp_path: Path) -> None:
    command = ["make", "-n", "200", "-o", str(tmp_path), "--model", str(tiny_model)]
    threading.Timer(3, signal.raise_signal, [signal.SIGINT]).start()
    assert main(command) == 130
