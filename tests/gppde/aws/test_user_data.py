"""What an instance is told; tests/boot tells what it then does."""

import base64
import gzip
import json
import re
import shutil
import subprocess
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from custom_components.gppde.aws.user_data import (
    LARGEST,
    BootConfig,
    UserDataTooLargeError,
    build,
)

DEPLOYED = Path(__file__).parents[3] / "deploy/quipgen.service"
PERSONA = {"name": "Eddie", "description": "A ship's door.", "tone": "sunny", "voice": "en-us"}
SECRET_FILES = {"/etc/quipgen/token", "/etc/quipgen/certificate", "/etc/quipgen/order"}
CONFIG = BootConfig(
    certificate_pem="-----BEGIN TESTING-----\ncertificate-testing\n-----END TESTING-----\n",
    bearer="bearer-testing",
    order={"count": 20, "persona": PERSONA, "avoid": ["Welcome aboard.", "Mind the gap: 🚪!"]},
)
# What may differ from a server at home; its hardening may not.
OTHERWISE = re.compile(r"(Documentation|Environment|Restart\w*|LoadCredential|WantedBy)=")

needs_cloud_init = pytest.mark.skipif(
    shutil.which("cloud-init") is None,
    reason="cloud-init is missing: sudo apt-get install cloud-init",
)
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is missing: sudo apt-get install systemd",
)


def read(text: str) -> dict[str, Any]:
    return dict(yaml.safe_load(text))


def files(text: str) -> dict[str, str]:
    """By path, as cloud-init writes them."""
    return {entry["path"]: content(entry) for entry in read(text)["write_files"]}


def content(entry: dict[str, str]) -> str:
    if "encoding" not in entry:
        return entry["content"]
    assert entry["encoding"] == "gz+b64"
    return gzip.decompress(base64.b64decode(entry["content"])).decode()


def with_avoid(avoid: list[str]) -> BootConfig:
    return replace(CONFIG, order={**CONFIG.order, "avoid": avoid})


@needs_cloud_init
@pytest.mark.parametrize("package", [None, "quipgen-server==0.1.0"])
def test_cloud_init_finds_no_fault(package: str | None, tmp_path: Path) -> None:
    file = tmp_path / "user-data"
    file.write_text(build(replace(CONFIG, package=package, model="/models/quippy")))
    done = subprocess.run(
        ["cloud-init", "schema", "--config-file", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_says_what_it_is_and_arms_the_deadline_first() -> None:
    text = build(CONFIG)
    assert text.startswith("#cloud-config\n")
    assert list(read(text)) == ["bootcmd", "write_files", "runcmd"]
    [first] = read(text)["bootcmd"]
    assert "OnActiveSec=900\n" in first


def test_the_deadline_may_be_seconds_away() -> None:
    [first] = read(build(replace(CONFIG, boot_minutes=0.25)))["bootcmd"]
    assert "OnActiveSec=15\n" in first


def test_the_server_is_told_the_order_and_when_to_end() -> None:
    written = files(build(replace(CONFIG, model='a "model"', port=9000)))
    assert json.loads(written["/etc/quipgen/order"]) == CONFIG.order
    assert tomllib.loads(written["/etc/quipgen/quipgen.toml"]) == {
        "host": "0.0.0.0",  # noqa: S104
        "port": 9000,
        "model": 'a "model"',
        "voice_engine": "espeak-ng",
        "own_machine": True,
        "boot_minutes": 15,
        "idle_minutes": 3,
    }


def test_secrets_are_in_files_for_root_alone_and_nowhere_else() -> None:
    told = read(build(CONFIG))
    modes = {entry["path"]: entry["permissions"] for entry in told["write_files"]}
    assert {path for path, mode in modes.items() if mode == "0600"} == SECRET_FILES
    written = files(build(CONFIG))
    assert written["/etc/quipgen/token"] == CONFIG.bearer
    assert written["/etc/quipgen/certificate"] == CONFIG.certificate_pem
    open_to_all = [text for path, text in written.items() if path not in SECRET_FILES]
    for text in (*told["bootcmd"], *told["runcmd"], *open_to_all):
        assert "bearer-testing" not in text
        assert "certificate-testing" not in text


def test_the_configuration_shows_no_secret() -> None:
    assert "bearer-testing" not in repr(CONFIG)
    assert "certificate-testing" not in repr(CONFIG)


def test_nothing_is_installed_on_an_image_that_has_the_server() -> None:
    assert "quipgen-install" not in build(CONFIG)


def test_a_package_is_installed_before_the_server_starts() -> None:
    package = "quipgen-server @ https://user:testing@example.com/quipgen.whl"
    text = build(replace(CONFIG, package=package))
    written = files(text)
    assert written["/etc/quipgen/package"] == package
    assert text.count(package) == 1
    unit = written["/etc/systemd/system/quipgen.service"]
    assert "Requires=quipgen-install.service\nAfter=quipgen-install.service\n" in unit


def test_the_newest_texts_to_avoid_are_kept_as_far_as_there_is_room() -> None:
    texts = [f"{number}: {number**9:x}" for number in range(3000)]
    made = build(with_avoid(texts))
    told = json.loads(files(made)["/etc/quipgen/order"])["avoid"]
    assert 500 < len(told) < 3000
    assert told == texts[-len(told) :]
    assert LARGEST - 40 <= len(made.encode()) <= LARGEST


@given(st.lists(st.text(max_size=500), max_size=300))
def test_whatever_is_to_be_avoided_it_fits_and_comes_whole(texts: list[str]) -> None:
    made = build(with_avoid(texts))
    assert len(made.encode()) <= LARGEST
    told = json.loads(files(made)["/etc/quipgen/order"])["avoid"]
    assert told == texts[len(texts) - len(told) :]


def test_an_order_that_nothing_can_shorten_is_refused_in_words() -> None:
    noise = "".join(chr(0x4E00 + number**3 % 20_011) for number in range(9000))
    order = {**CONFIG.order, "persona": PERSONA | {"description": noise}}
    with pytest.raises(UserDataTooLargeError, match="Shorten the persona's description"):
        build(replace(CONFIG, order=order))


def test_the_server_is_fenced_in_as_the_one_at_home() -> None:
    unit = files(build(CONFIG))["/etc/systemd/system/quipgen.service"].splitlines()
    for line in DEPLOYED.read_text().splitlines():
        if "=" in line and not line.startswith("#") and not OTHERWISE.match(line):
            assert line in unit


@needs_systemd
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    written = files(build(replace(CONFIG, package="quipgen-server")))
    units = [tmp_path / Path(path).name for path in written if path.endswith(".service")]
    for unit in units:
        text = written[f"/etc/systemd/system/{unit.name}"]
        unit.write_text(text.replace("/opt/quipgen/bin/quipgen", "/bin/sh"))
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, str(tmp_path) in done.stderr) == (0, False), done.stderr


def test_every_way_to_end_ends_the_machine() -> None:
    written = files(build(replace(CONFIG, package="quipgen-server")))
    server = written["/etc/systemd/system/quipgen.service"]
    assert "SuccessAction=poweroff-force\nFailureAction=poweroff-force\n" in server
    assert "Restart=no\n" in server
    install = written["/etc/systemd/system/quipgen-install.service"]
    assert "FailureAction=poweroff-force\n" in install
