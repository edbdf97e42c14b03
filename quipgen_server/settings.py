"""One configuration from a file, the environment and flags; the later is the stronger."""

import os
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import voluptuous as vol

from .errors import CommandError

PREFIX = "QUIPGEN_"
CONFIG = "QUIPGEN_CONFIG"
ENGINES = ("espeak-ng", "pocket-tts")
LEVELS = ("debug", "info", "warning", "error")
DAY = 24 * 60  # minutes
YEAR = 365 * DAY


def _state() -> Path:
    """Where systemd says, else where desktops keep such things."""
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given.split(":")[0])
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state"
    return Path(base) / "quipgen"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`lead_silence` is in milliseconds. `state` keeps the certificate that the server made."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = field(default="", repr=False)
    token_file: Path | None = None
    tls: bool = True
    certificate: Path | None = None
    key: Path | None = None
    state: Path = field(default_factory=_state)
    model: str | None = None
    voice_engine: str = ENGINES[0]
    voice_model: str | None = None
    voices: Path | None = None
    lead_silence: int = 0
    own_machine: bool = False
    boot_minutes: float = 15.0
    idle_minutes: float = 3.0
    end_command: tuple[str, ...] = ()
    order: Path | None = None
    log_level: str | None = None


def load_settings(flags: Mapping[str, Any], file: Path | None = None) -> Settings:
    """Raises CommandError, which names each value that is wrong and where it stands."""
    values: dict[str, Any] = {}
    if file := file or _named_in_environment():
        values |= _checked(_read(file), lambda key: f"{file}: {key}")
    environment = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in os.environ.items()
        if name.startswith(PREFIX) and name != CONFIG
    }
    values |= _checked(environment, lambda key: f"{PREFIX}{key.upper()}")
    values |= _checked(flags, lambda key: f"--{key.replace('_', '-')}")
    return Settings(**values)


def _named_in_environment() -> Path | None:
    name = os.environ.get(CONFIG)
    return Path(name) if name else None


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"Cannot read {file}: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{file} is not TOML: {error}") from error


def _checked(values: Mapping[str, Any], where: Any) -> dict[str, Any]:
    try:
        return dict(_SCHEMA(dict(values)))
    except vol.MultipleInvalid as invalid:
        faults = (f"{where(str(error.path[0]))} {error.msg}" for error in invalid.errors)
        raise CommandError(". ".join(faults) + ".") from invalid


def _number(kind: type[int] | type[float], lowest: float, highest: float) -> vol.All:
    message = f"must be {lowest:g} to {highest:g}"
    finite = vol.Range(lowest, highest, msg=message)  # which NaN is not
    return vol.All(vol.Msg(_no_boolean, message), vol.Coerce(kind, msg=message), finite)


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise vol.Invalid("is a boolean")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise vol.Invalid("must be a text")
    return value


def _path(value: Any) -> Path:
    return value if isinstance(value, Path) else Path(_text(value)).expanduser()


def _words(value: Any) -> tuple[str, ...]:
    """A command, as a list or as a shell would split it; none is started by a shell."""
    try:
        words = shlex.split(value) if isinstance(value, str) else value
        return tuple(_text(word) for word in words)
    except (TypeError, ValueError) as error:
        raise vol.Invalid("must be a command and its arguments") from error


def _one_of(choices: tuple[str, ...]) -> vol.In:
    return vol.In(choices, msg=f"must be one of {', '.join(choices)}")


_FIELDS = {
    "host": _text,
    "port": _number(int, 0, 65535),
    "token": _text,
    "token_file": _path,
    "tls": vol.Boolean(msg="must be true or false"),
    "certificate": _path,
    "key": _path,
    "state": _path,
    "model": _text,
    "voice_engine": _one_of(ENGINES),
    "voice_model": _text,
    "voices": _path,
    "lead_silence": _number(int, 0, 5000),
    "own_machine": vol.Boolean(msg="must be true or false"),
    "boot_minutes": _number(float, 0, YEAR),
    "idle_minutes": _number(float, 0, DAY),
    "end_command": _words,
    "order": _path,
    "log_level": _one_of(LEVELS),
}
_KNOWN = f"is no setting; there are {', '.join(_FIELDS)}"


def _unknown(_: Any) -> Any:
    raise vol.Invalid(_KNOWN)


_SCHEMA = vol.Schema(
    {vol.Optional(name): check for name, check in _FIELDS.items()} | {str: _unknown},
)
