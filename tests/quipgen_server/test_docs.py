"""Whether the guide tells what the server does."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest

from quipgen_server.cli import _flags, _parser, main
from quipgen_server.openapi import PATHS
from quipgen_server.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/quipgen.md"
TEXT = GUIDE.read_text()
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
NO_SETTING = {"--help", "--config"}
TOLD_IN_WORDS = {
    "state": "~/.local/state/quipgen",
    "model": "the built-in one",
    "log_level": "info",
}


def blocks(language: str, text: str = TEXT) -> list[str]:
    """The code of that language, without the indent that lists give it."""
    pattern = rf"^( *)```{language}\n(.*?)^ *```$"
    found = re.findall(pattern, text, re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


def rows() -> list[list[str]]:
    """The table of the settings, without the ticks around code."""
    table = TEXT.partition("| TOML key |")[2].partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip(" `") for cell in row.strip("|").split(" | ")] for row in table]


def commands() -> list[str]:
    """Every line of any page that starts quipgen, wherever it is installed."""
    shells = [code for page in PAGES for code in blocks("sh", page.read_text())]
    return re.findall(r"^(?:\S+/)?quipgen (.+)$", "\n".join(shells), re.MULTILINE)


def flags_of_serve(capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    return set(re.findall(r"--[a-z-]+", capsys.readouterr().out.partition("Example:")[0]))


def default_of(name: str) -> str:
    """As a person writes it."""
    value: Any = getattr(Settings(), name)
    if name in TOLD_IN_WORDS:
        return TOLD_IN_WORDS[name]
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, int | float) else str(value or "none")


@pytest.mark.parametrize("example", blocks("toml"))
def test_the_examples_are_settings(example: str, tmp_path: Path) -> None:
    file = tmp_path / "quipgen.toml"
    file.write_text(example)
    settings = load_settings({}, file)
    for name, value in tomllib.loads(example).items():
        kept = getattr(settings, name)
        assert kept == type(kept)(value)


def test_what_is_commented_out_in_an_example_is_a_setting_too() -> None:
    hints = re.findall(r"^# (\w+ = .*)$", "\n".join(blocks("toml")), re.MULTILINE)
    assert hints
    for hint in hints:
        assert load_settings(tomllib.loads(hint))


def test_the_table_has_every_setting_and_no_other() -> None:
    assert [row[0] for row in rows()] == list(Settings.__annotations__)


@pytest.mark.parametrize("row", rows(), ids=lambda row: str(row[0]))
def test_each_row_of_the_table_is_true(row: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    name, flag, variable, default, meaning = row
    has_flag = f"--{name.replace('_', '-')}" in flags_of_serve(capsys)
    assert flag == (f"--{name.replace('_', '-')}" if has_flag else "none")
    assert variable == f"{PREFIX}{name.upper()}"
    assert default == default_of(name)
    assert meaning


def test_every_flag_of_serve_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for flag in flags_of_serve(capsys) - NO_SETTING:
        assert f"`{flag}`" in TEXT
    assert "`--config`" in TEXT


def test_the_state_lies_where_the_guide_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    assert Settings().state == Path(TOLD_IN_WORDS["state"]).expanduser()


@pytest.mark.parametrize("command", commands())
def test_quipgen_understands_what_it_is_told_on_any_page(command: str) -> None:
    options = _parser().parse_args(shlex.split(command))
    load_settings(_flags(options), options.config)


def test_every_command_and_every_call_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    for command in re.findall(r"^ {4}(\w+) ", capsys.readouterr().out, re.MULTILINE):
        assert f"quipgen {command}" in TEXT
    for path in PATHS:
        assert f"https://quipgen:8765{path}" in TEXT


def test_the_links_lead_somewhere() -> None:
    headings = {
        "#" + re.sub(r"[^a-z -]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    }
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    for link in links:
        assert link in headings or (GUIDE.parent / link.partition("#")[0]).is_file()
