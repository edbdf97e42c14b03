"""What an instance is told that an image is made of: cloud-init's user data.

It installs the server, fetches models to where the server's unit will look for them, says on its
console how that went, and powers off. Before anything else it arms a deadline.
"""

import json
from dataclasses import dataclass, field

FOLDER = "/run/quipgen-bake"
UNITS = "/run/systemd/system"
"""Both in memory: nothing of them is in the image."""

# This runs before logind is up and before what timers wait for by default. Without a deadline
# the machine ends at once.
_GUARD = """\
{{
mkdir -p {units} &&
printf '%s\\n' '[Unit]' DefaultDependencies=no FailureAction=poweroff-immediate '[Service]' \\
  Type=oneshot 'ExecStart=/usr/bin/systemctl poweroff --force' \\
  >{units}/quipgen-bake-deadline.service &&
printf '%s\\n' '[Unit]' DefaultDependencies=no '[Timer]' OnActiveSec={minutes:g}min AccuracySec=1 \\
  >{units}/quipgen-bake-deadline.timer &&
systemctl daemon-reload &&
systemctl start quipgen-bake-deadline.timer
}} || systemctl poweroff --force
"""
_START = """\
{ systemctl daemon-reload && systemctl start --no-block quipgen-bake.service; } ||
systemctl poweroff
"""
_BAKE_UNIT = f"""\
[Unit]
Description=Makes of this machine what an image of the quipgen server is made of
Wants=network-online.target
After=network-online.target
SuccessAction=poweroff
FailureAction=poweroff

[Service]
Type=oneshot
ExecStart=/bin/sh {FOLDER}/bake
StandardOutput=journal+console
StandardError=journal+console
"""
# As in the server's unit: the same user, and the same folder.
_FETCH_UNIT = f"""\
[Unit]
Description=Fetches the models of the quipgen server

[Service]
Type=oneshot
ExecStart=/opt/quipgen/bin/python {FOLDER}/fetch
DynamicUser=yes
User=quipgen
CacheDirectory=quipgen
CacheDirectoryMode=0700
Environment=HOME=%C/quipgen
UMask=0077
StandardOutput=journal+console
StandardError=journal+console
"""
_HUB = f"LoadCredential=hub:{FOLDER}/hub\nEnvironment=HF_TOKEN_PATH=%d/hub\n"
# The machine that boots from the image is another one, which cloud-init has to set up anew.
_BAKE = """\
set -eu
export DEBIAN_FRONTEND=noninteractive HOME=/root
trap '[ $? = 0 ] || echo "{failed}"' EXIT
cloud-init status --wait >/dev/null || true
apt-get -qq -o DPkg::Lock::Timeout=300 update
apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends \\
  espeak-ng python3-venv
python3 -m venv --system-site-packages /opt/quipgen
/opt/quipgen/bin/pip install --quiet --no-input --no-cache-dir --requirement {folder}/package
/opt/quipgen/bin/quipgen --version
systemctl start quipgen-fetch.service
apt-get clean
cloud-init clean --logs
: >/etc/machine-id
sync
echo "{done}"
"""
# A language model may be larger than this machine's memory, so it is not loaded. A voice is small,
# and its codec may lie elsewhere.
_FETCH = """\
from huggingface_hub import snapshot_download

model, voice = {models!r}
if model:
    kinds = ["*.json", "*.txt", "*.jinja", "*.model", "*.safetensors"]
    print(snapshot_download(model, allow_patterns=kinds))
if voice:
    from quipgen_server.voices.pocket import Pocket

    Pocket.load(voice)
"""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """`package` is a line of pip's requirements, the models are ids at the hub."""

    id: str
    package: str
    model: str | None = None
    voice_model: str | None = None
    hub_token: str = field(default="", repr=False)

    @property
    def done(self) -> str:
        """What the console says in the end."""
        return f"quipgen-bake {self.id}: complete"

    @property
    def failed(self) -> str:
        """What it says where the image would lack something."""
        return f"quipgen-bake {self.id}: failed"


def user_data(recipe: Recipe, minutes: float) -> str:
    """A machine that powers off when it is done, and after so many minutes at the latest."""
    bake = _BAKE.format(folder=FOLDER, done=recipe.done, failed=recipe.failed)
    fetch = _FETCH.format(models=(recipe.model, recipe.voice_model))
    files = [
        _file(f"{UNITS}/quipgen-bake.service", _BAKE_UNIT),
        _file(f"{UNITS}/quipgen-fetch.service", _FETCH_UNIT + (_HUB if recipe.hub_token else "")),
        _file(f"{FOLDER}/bake", bake),
        _file(f"{FOLDER}/fetch", fetch),
        _file(f"{FOLDER}/package", recipe.package),
    ]
    if recipe.hub_token:
        files.append(_file(f"{FOLDER}/hub", recipe.hub_token, "0600"))
    config = {
        "bootcmd": [_GUARD.format(units=UNITS, minutes=minutes)],
        "write_files": files,
        "runcmd": [_START],
    }
    return "#cloud-config\n" + json.dumps(config, indent=1, ensure_ascii=False)


def _file(path: str, content: str, mode: str = "0644") -> dict[str, str]:
    return {"path": path, "permissions": mode, "content": content}
