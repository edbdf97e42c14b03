from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quipgen_server.errors import CommandError
from quipgen_server.settings import Settings, load_settings


def a_file(folder: Path, content: str) -> Path:
    file = folder / "quipgen.toml"
    file.write_text(content)
    return file


def test_without_anything_said_there_are_defaults_that_are_safe() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.tls) == ("127.0.0.1", 8765, True)
    assert (settings.own_machine, settings.end_command) == (False, ())


def test_the_environment_is_stronger_than_the_file_and_a_flag_than_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = a_file(tmp_path, 'host = "file"\nport = 1\nmodel = "file"')
    monkeypatch.setenv("QUIPGEN_PORT", "2")
    monkeypatch.setenv("QUIPGEN_MODEL", "environment")
    settings = load_settings({"model": "flag"}, file)
    assert (settings.host, settings.port, settings.model) == ("file", 2, "flag")


@given(st.lists(st.none() | st.integers(0, 65535), min_size=3, max_size=3))
def test_the_strongest_that_speaks_is_heard(ports: list[int | None]) -> None:
    in_file, in_environment, flag = ports
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        file = a_file(Path(folder), "" if in_file is None else f"port = {in_file}")
        if in_environment is not None:
            patch.setenv("QUIPGEN_PORT", str(in_environment))
        settings = load_settings({} if flag is None else {"port": flag}, file)
    said = [port for port in ports if port is not None]
    assert settings.port == (said[-1] if said else Settings.port)


def test_the_file_may_be_named_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUIPGEN_CONFIG", str(a_file(tmp_path, "lead_silence = 300")))
    assert load_settings({}).lead_silence == 300


def test_every_kind_of_value_is_read_from_a_file(tmp_path: Path) -> None:
    file = a_file(
        tmp_path,
        'tls = false\nstate = "~/state"\nboot_minutes = 7.5\nend_command = ["init", "0"]',
    )
    settings = load_settings({}, file)
    assert (settings.tls, settings.boot_minutes) == (False, 7.5)
    assert settings.state == Path.home() / "state"
    assert settings.end_command == ("init", "0")


def test_a_command_is_split_as_a_shell_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIPGEN_END_COMMAND", "sh -c 'sleep 1; halt'")
    assert load_settings({}).end_command == ("sh", "-c", "sleep 1; halt")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("port = 70000", "port must be 0 to 65535"),
        ("port = true", "port must be 0 to 65535"),
        ("boot_minutes = nan", "boot_minutes must be 0 to 525600"),
        ("idle_minutes = 1441", "idle_minutes must be 0 to 1440"),
        ('tls = "perhaps"', "tls must be true or false"),
        ('voice_engine = "siri"', "voice_engine must be one of espeak-ng, pocket-tts"),
        ("end_command = 5", "end_command must be a command"),
        ('end_command = "unbalanced \'"', "end_command must be a command"),
        ("host = 5", "host must be a text"),
        ('host = " "', "host must be a text"),
        ("colour = 1", "colour is no setting; there are host"),
        ("port =", "is not TOML"),
    ],
)
def test_a_bad_value_is_named_with_its_file(tmp_path: Path, content: str, told: str) -> None:
    file = a_file(tmp_path, content)
    with pytest.raises(CommandError) as refused:
        load_settings({}, file)
    assert str(file) in str(refused.value)
    assert told in str(refused.value)


def test_a_bad_value_is_named_with_its_variable_or_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="--port must be"):
        load_settings({"port": "x"})
    monkeypatch.setenv("QUIPGEN_VOICE_ENGINE", "x")
    with pytest.raises(CommandError, match="QUIPGEN_VOICE_ENGINE must be one of"):
        load_settings({})


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Cannot read .*none\.toml"):
        load_settings({}, tmp_path / "none.toml")


def test_the_state_lies_where_systemd_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/quipgen:/var/lib/other")
    assert load_settings({}).state == Path("/var/lib/quipgen")


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(Settings(token="secret-of-this-door"))
