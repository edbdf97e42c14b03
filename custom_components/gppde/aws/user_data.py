"""What an instance is told to do with its life: cloud-init's user data.

Its first act arms the deadline. Then come the files, then the server as a unit of systemd's.
"""

import base64
import gzip
import json
import logging
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped]

from . import units
from .errors import AwsError

log = logging.getLogger(__name__)

LARGEST = 16_384  # bytes, EC2's limit
FOLDER = "/etc/quipgen"
UNITS = "/etc/systemd/system"
SECRET = "0600"  # noqa: S105  a file's mode
MINUTE = 60


class UserDataTooLargeError(AwsError):
    """The order is longer than EC2 takes, also without the texts to avoid."""


@dataclass(frozen=True, kw_only=True)
class BootConfig:
    """`order` is the body of `POST /batch/`, its `avoid` with the newest text last. `package` is
    a line of pip's requirements for the server; None where the image has it in /opt/quipgen.
    """

    certificate_pem: str = field(repr=False)
    bearer: str = field(repr=False)
    order: Mapping[str, Any]
    package: str | None = field(default=None, repr=False)
    model: str | None = None
    voice_engine: str = "espeak-ng"
    boot_minutes: float = 15
    idle_minutes: float = 3
    port: int = 8765


def build(config: BootConfig) -> str:
    """Return the user data, with as many of the newest texts to avoid as there is room for.

    Raises UserDataTooLargeError.
    """
    avoid: Sequence[str] = config.order.get("avoid", ())
    kept = bisect_right(range(len(avoid) + 1), LARGEST, key=lambda n: _size(config, n)) - 1
    if kept < 0:
        raise UserDataTooLargeError(
            "The order is longer than EC2 takes. Shorten the persona's description."
        )
    log.debug("%d of %d texts to avoid had room", kept, len(avoid))
    return _text(config, kept)


def _size(config: BootConfig, avoided: int) -> int:
    return len(_text(config, avoided).encode())


def _text(config: BootConfig, avoided: int) -> str:
    dumped: str = yaml.dump(
        _cloud_config(config, avoided),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=LARGEST,
    )
    return "#cloud-config\n" + dumped


def _cloud_config(config: BootConfig, avoided: int) -> dict[str, Any]:
    return {
        "bootcmd": [units.arm_deadline(config.boot_minutes * MINUTE)],
        "write_files": [*_settings(config, avoided), *_server(config)],
        "runcmd": [units.START_SERVER],
    }


def _settings(config: BootConfig, avoided: int) -> list[dict[str, str]]:
    return [
        _file(f"{FOLDER}/token", config.bearer),
        _file(f"{FOLDER}/certificate", config.certificate_pem),
        _packed(f"{FOLDER}/order", _order(config.order, avoided)),
        _file(f"{FOLDER}/quipgen.toml", _toml(config), "0644"),
    ]


def _server(config: BootConfig) -> list[dict[str, str]]:
    installs = config.package is not None
    unit = _file(f"{UNITS}/{units.SERVER}", units.server_unit(installs=installs), "0644")
    if config.package is None:
        return [unit]
    return [
        unit,
        _file(f"{UNITS}/{units.INSTALL}", units.INSTALL_UNIT, "0644"),
        _file(f"{FOLDER}/install", units.INSTALL_SCRIPT, "0700"),
        _file(f"{FOLDER}/package", config.package),
    ]


def _file(path: str, content: str, mode: str = SECRET) -> dict[str, str]:
    return {"path": path, "permissions": mode, "content": content}


def _packed(path: str, content: str) -> dict[str, str]:
    packed = base64.b64encode(gzip.compress(content.encode(), mtime=0)).decode()
    return _file(path, packed) | {"encoding": "gz+b64"}


def _order(order: Mapping[str, Any], avoided: int) -> str:
    avoid: Sequence[str] = order.get("avoid", ())
    newest = avoid[len(avoid) - avoided :]
    return json.dumps({**order, "avoid": list(newest)}, ensure_ascii=False)


def _toml(config: BootConfig) -> str:
    settings: dict[str, Any] = {
        "host": "0.0.0.0",  # noqa: S104  the security group lets one address in
        "port": config.port,
        "model": config.model,
        "voice_engine": config.voice_engine,
        "own_machine": True,
        "boot_minutes": config.boot_minutes,
        "idle_minutes": config.idle_minutes,
    }
    return "".join(
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n"
        for name, value in settings.items()
        if value is not None
    )


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as such, for whoever has to read them."""


def _represent(dumper: Any, text: str) -> Any:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent)
