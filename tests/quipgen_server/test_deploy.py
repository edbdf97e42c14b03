"""What puts the server on a machine: a systemd unit and a container."""

import ctypes
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from quipgen_server.cli import _flags, _parser
from quipgen_server.commands import token_of
from quipgen_server.serve import LAST_RESORT
from quipgen_server.settings import Settings, load_settings

from .client import TOKEN
from .serving import serving
from .sound import a_clip

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/quipgen.service"
CONTAINER = ROOT / "deploy/Containerfile"
PROGRAM = "/opt/quipgen/bin/quipgen"
HIGHEST_EXPOSURE = 2.0
ALLOW = 0x7FFF0000
REFUSE = 0x00050001  # with EPERM
TRACE = "import ctypes, sys; sys.exit(ctypes.CDLL(None).ptrace(0, 0, 0, 0))"
READ_CLIP = """
import sys
from quipgen_server.voices.clip import read_clip
read_clip(sys.stdin.buffer.read())
"""

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is missing: sudo apt-get install systemd",
)


def directives(name: str) -> list[str]:
    """All values of that name in the unit, in their order."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def analyze(*arguments: str) -> str:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """A copy, whose program is there."""
    copy = tmp_path / UNIT.name
    copy.write_text(UNIT.read_text().replace(PROGRAM, sys.executable))
    return copy


@needs_systemd
def test_systemd_understands_the_unit(unit: Path) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False
    )
    assert (done.returncode, unit.name in done.stderr) == (0, False), done.stderr


@needs_systemd
def test_the_unit_exposes_little(unit: Path) -> None:
    report = analyze("security", "--offline=true", str(unit))
    exposure = re.search(r"Overall exposure level for quipgen\.service: ([\d.]+)", report)
    assert exposure, report
    assert float(exposure[1]) <= HIGHEST_EXPOSURE, report


@pytest.fixture
def settings_of_the_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What its command makes of them, beside an owner's file that says nothing."""
    for assignment in shlex.split(" ".join(directives("Environment"))):
        name, _, value = assignment.partition("=")
        monkeypatch.setenv(name, value.replace("%d", str(tmp_path)).replace("%C", str(tmp_path)))
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/quipgen")
    assert os.environ["QUIPGEN_CONFIG"] == "/etc/quipgen/quipgen.toml"
    (tmp_path / "quipgen.toml").touch()
    monkeypatch.setenv("QUIPGEN_CONFIG", str(tmp_path / "quipgen.toml"))
    [start] = directives("ExecStart")
    options = _parser().parse_args(shlex.split(start.removeprefix(PROGRAM)))
    return load_settings(_flags(options), options.config)


def test_the_unit_passes_only_settings_that_the_server_knows(
    settings_of_the_unit: Settings, tmp_path: Path
) -> None:
    (tmp_path / "token").write_text(TOKEN)
    assert token_of(settings_of_the_unit) == TOKEN
    assert settings_of_the_unit.state == Path("/var/lib/quipgen")
    assert directives("LoadCredential") == ["token:/etc/quipgen/token"]


def test_the_unit_neither_ends_the_machine_nor_opens_it(settings_of_the_unit: Settings) -> None:
    assert settings_of_the_unit.tls
    assert not settings_of_the_unit.own_machine
    assert not settings_of_the_unit.end_command


def test_the_unit_waits_for_the_server_to_end_by_itself() -> None:
    assert float(directives("TimeoutStopSec")[0]) > LAST_RESORT


def calls_in(group: str) -> Iterator[str]:
    """The system calls in a group, which may hold others."""
    for line in analyze("syscall-filter", group).splitlines()[1:]:
        match line.strip():
            case name if name.startswith("@"):
                yield from calls_in(name)
            case name if name and not name.startswith("#"):
                yield name


def calls_of_the_unit() -> set[str]:
    allowed: set[str] = set()
    for group in directives("SystemCallFilter"):
        if group.startswith("~"):
            allowed -= set(calls_in(group[1:]))
        else:
            allowed |= set(calls_in(group))
    return allowed


@pytest.fixture(scope="module")
def confine() -> Callable[[], None]:
    """Leaves a process what the unit leaves the server: its system calls, and no privilege."""
    seccomp = ctypes.CDLL("libseccomp.so.2")  # which apt itself needs
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(REFUSE))
    for name in calls_of_the_unit():
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0:  # else another processor's
            seccomp.seccomp_rule_add(rules, ALLOW, number, 0)

    def load() -> None:
        if seccomp.seccomp_load(rules):
            raise OSError

    return load


@needs_systemd
@pytest.mark.parametrize(
    ("arguments", "works"),
    [
        (("-c", TRACE), False),
        (("-c", READ_CLIP), True),
        (("-m", "quipgen_server", "make", "-n", "1", "-o", "quips"), True),
    ],
    ids=["what is forbidden", "decoding a clip", "writing, speaking and encoding"],
)
def test_the_units_system_calls_are_enough(
    arguments: tuple[str, ...], works: bool, confine: Callable[[], None], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        input=a_clip(),
        preexec_fn=confine,
        capture_output=True,
        check=False,
    )
    assert (done.returncode == 0) == works, done.stderr.decode()


def instructions(name: str) -> list[str]:
    """What follows that word in the Containerfile, in its order."""
    joined = CONTAINER.read_text().replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*)$", joined, re.MULTILINE)


def test_what_the_container_copies_makes_a_wheel_with_the_model_and_the_corpus(
    tmp_path: Path,
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for copied in instructions("COPY"):
        *names, target = copied.split()
        for name in names if "--from" not in copied else []:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, source / target)
            else:
                shutil.copy(ROOT / name, source)
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
            *("--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)),
        ],
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    files = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "quipgen_server").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert "quipgen_server/model/model.safetensors" in files
    assert files <= set(ZipFile(wheel).namelist())


def test_the_container_passes_only_settings_that_the_server_knows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = dict(word.split("=", 1) for line in instructions("ENV") for word in line.split())
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    [program] = instructions("ENTRYPOINT")
    [arguments] = instructions("CMD")
    assert json.loads(program) == ["quipgen"]
    options = _parser().parse_args(json.loads(arguments))
    settings = load_settings(_flags(options), options.config)
    assert settings.state == Path(given["HOME"])
    assert instructions("VOLUME") == [given["HOME"]]
    assert instructions("EXPOSE") == [given["QUIPGEN_PORT"]]


def test_the_containers_health_check_tells_whether_the_server_answers(
    tmp_path: Path, tiny_model: Path
) -> None:
    [check] = instructions("HEALTHCHECK")
    _, *arguments = json.loads(check.partition("CMD ")[2])

    def is_healthy(url: str) -> bool:
        port = url.rpartition(":")[2]
        command = [sys.executable, *arguments]
        environment = os.environ | {"QUIPGEN_PORT": port}
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        return done.returncode == 0

    with serving(tmp_path, "--model", str(tiny_model)) as server:
        assert is_healthy(server.url)
        server.end()
        assert not is_healthy(server.url)
