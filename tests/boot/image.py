"""The root that every machine boots from, and what an image of ours would have besides.

`python -m tests.boot.image` makes the part that is kept, and prints where it is.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from .tools import BootError, run

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = Path(os.environ.get("GPPDE_ENVIRONMENTS", ROOT / ".venv"))
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gppde"
SUITE = "bookworm"
PYTHON = "3.11"  # which that suite has
PACKAGES = (
    *("cloud-init", "systemd-sysv", "dbus", "iproute2", "procps"),
    *("python3-venv", "espeak-ng", "ca-certificates"),
)
CLOUD = "datasource_list: [NoCloud]\nnetwork: {config: disabled}\n"
RECIPE = (SUITE, *PACKAGES, CLOUD)
CONTAINER = ("systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--pipe", "--directory")
LONGEST = 900.0  # seconds for the root; it takes two minutes
LIBRARIES = ENVIRONMENTS / "server/lib" / f"python{PYTHON}/site-packages"
HEAVY = "/srv/heavy"  # where a machine finds those
OFFLINE = "[install]\nno-index = true\nno-deps = true\n"
SOURCES = ("pyproject.toml", "setup.cfg", "README.md", "LICENSE")
OWN = ("quipgen_server", "__editable__", "__pycache__", "pip")


@dataclass(frozen=True)
class Image:
    """Folders laid over one another, the first on top, and what is seen of this machine there."""

    layers: tuple[Path, ...]
    seen: tuple[tuple[Path, str], ...] = ()


class Wheel(NamedTuple):
    """The server as pip installs it: `path` is where it lies in the image."""

    image: Image
    path: str


def bare() -> Image:
    """Debian with cloud-init and a voice, and nothing of ours."""
    return Image((_base(),))


def lacking_libraries() -> str:
    """Tell why no machine can have the server's libraries; empty where one can."""
    if LIBRARIES.is_dir():
        return ""
    return f"the server's environment is not of Python {PYTHON}, as {SUITE} is"


def with_wheel(folder: Path) -> Wheel:
    """With the server's libraries, and a wheel of this checkout. `folder` is for it alone."""
    _link_libraries(folder / "usr/local/lib" / f"python{PYTHON}/dist-packages")
    (folder / "etc").mkdir()
    (folder / "etc/pip.conf").write_text(OFFLINE)
    wheel = _build_wheel(folder / "srv")
    return Wheel(Image((folder, *bare().layers), ((LIBRARIES, HEAVY),)), f"/srv/{wheel.name}")


def baked(wheel: Wheel, folder: Path) -> Image:
    """With the server in /opt/quipgen, as an image of ours has it. `folder` is for it alone."""
    top = folder / "top"
    top.mkdir()
    script = (
        "python3 -m venv --system-site-packages /opt/quipgen && "
        f"/opt/quipgen/bin/pip install --quiet {wheel.path}"
    )
    with mounted(wheel.image.layers, top, folder) as root:
        run(*CONTAINER, root, "sh", "-c", script, seconds=120)
    return Image((top, *wheel.image.layers), wheel.image.seen)


@contextmanager
def mounted(layers: tuple[Path, ...], top: Path, folder: Path) -> Iterator[Path]:
    """Layers as one root; what is written there ends up in `top`."""
    root, work = Path(mkdtemp(dir=folder)), Path(mkdtemp(dir=folder))
    run("mount", "-t", "overlay", "overlay", "-o", overlay(layers, top, work), root)
    try:
        yield root
    finally:
        run("umount", root)


def overlay(layers: tuple[Path, ...], top: Path, work: Path) -> str:
    """Return the options for mount."""
    return f"lowerdir={':'.join(map(str, layers))},upperdir={top},workdir={work}"


def _base() -> Path:
    """Made if it is not in the cache. Named after its recipe, so an old one is never taken."""
    root = CACHE / f"boot-{sha256(repr(RECIPE).encode()).hexdigest()[:12]}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "boot.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not root.is_dir():
            _bootstrap(root)
    return root


def _bootstrap(root: Path) -> None:
    part = root.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    run("debootstrap", "--variant=minbase", SUITE, part, *_mirror(), seconds=LONGEST)
    install = ("apt-get", "-qq", "install", "--yes", "--no-install-recommends", *PACKAGES)
    run(*CONTAINER, part, "env", "DEBIAN_FRONTEND=noninteractive", *install, seconds=LONGEST)
    run(*CONTAINER, part, "apt-get", "clean")
    (part / "etc/cloud/cloud.cfg.d/90-boot.cfg").write_text(CLOUD)
    part.rename(root)


def _mirror() -> list[str]:
    """Where this machine gets its own packages from, if it is a Debian."""
    try:
        told = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    except BootError, OSError:
        return []
    return [line for line in told.splitlines() if line.endswith("/debian/")][:1]


def _link_libraries(target: Path) -> None:
    """All but the server itself."""
    target.mkdir(parents=True)
    for library in LIBRARIES.iterdir():
        if not (library.name.startswith(OWN) or library.suffix == ".pth"):
            (target / library.name).symlink_to(f"{HEAVY}/{library.name}")


def _build_wheel(folder: Path) -> Path:
    source = folder / "source"
    hidden = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "quipgen_server", source / "quipgen_server", ignore=hidden)
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    command = (ENVIRONMENTS / "server/bin/python", "-m", "pip", "wheel", "--quiet", "--no-deps")
    run(*command, "--no-build-isolation", "--wheel-dir", folder, source)
    shutil.rmtree(source)
    [wheel] = folder.glob("*.whl")
    return wheel


if __name__ == "__main__":
    try:
        sys.stdout.write(f"{_base()}\n")
    except (BootError, OSError, subprocess.SubprocessError) as error:
        sys.exit(f"error: {error}")
