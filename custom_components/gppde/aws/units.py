"""What systemd is told on an instance. The server's unit is deploy/quipgen.service, made for a
machine that ends with the server: whatever ends it, or keeps it from starting, powers off.
"""

DEADLINE = "quipgen-deadline"
SERVER = "quipgen.service"
INSTALL = "quipgen-install.service"
POWER_OFF = "systemctl poweroff --force"

# cloud-init runs this before logind is up, hence no `shutdown`; and before the targets that units
# wait for by default, hence DefaultDependencies=no. A machine without a deadline ends at once.
ARM_DEADLINE = """\
{{
mkdir -p /run/systemd/system &&
cat >/run/systemd/system/{name}.service <<'END' &&
[Unit]
Description=The end of this machine, whatever it is doing
DefaultDependencies=no
FailureAction=poweroff-immediate
[Service]
Type=oneshot
ExecStart=/usr/bin/{power_off}
TimeoutStartSec=30
END
cat >/run/systemd/system/{name}.timer <<'END' &&
[Unit]
Description=How long this machine may run
DefaultDependencies=no
[Timer]
OnActiveSec={seconds:g}
AccuracySec=1
END
systemctl daemon-reload &&
systemctl start {name}.timer
}} || {power_off}
"""

# An image of ours may hold a unit of that name; the one that was written counts.
START_SERVER = f"""\
{{ systemctl daemon-reload && systemctl start --no-block {SERVER}; }} || {POWER_OFF}
"""

INSTALL_UNIT = """\
[Unit]
Description=Installs the quipgen server
Wants=network-online.target
After=network-online.target
FailureAction=poweroff-force

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh /etc/quipgen/install
UMask=0022
"""

# What an image brings along already, such as torch, is taken from there.
INSTALL_SCRIPT = """\
set -eu
export DEBIAN_FRONTEND=noninteractive HOME=/root
if ! command -v espeak-ng || ! python3 -c 'import ensurepip'; then
  apt-get -qq -o DPkg::Lock::Timeout=120 update
  apt-get -qq -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends \\
    espeak-ng python3-venv
fi
python3 -m venv --system-site-packages /opt/quipgen
/opt/quipgen/bin/pip install --quiet --no-input --requirement /etc/quipgen/package
"""

_SERVER_UNIT = """\
[Unit]
Description=Quipgen, which writes and voices the lines of talking doors
Wants=network-online.target modprobe@nvidia_uvm.service
After=network-online.target modprobe@nvidia_uvm.service nvidia-persistenced.service
{needs}SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=exec
ExecStart=/opt/quipgen/bin/quipgen serve
Environment=QUIPGEN_CONFIG=/etc/quipgen/quipgen.toml
Environment=QUIPGEN_TOKEN_FILE=%d/token
Environment=QUIPGEN_CERTIFICATE=%d/certificate
Environment=QUIPGEN_ORDER=%d/order
LoadCredential=token:/etc/quipgen/token
LoadCredential=certificate:/etc/quipgen/certificate
LoadCredential=order:/etc/quipgen/order
DynamicUser=yes
User=quipgen
StateDirectory=quipgen
StateDirectoryMode=0700
CacheDirectory=quipgen
CacheDirectoryMode=0700
Environment=HOME=%C/quipgen
UMask=0077
KillMode=mixed
TimeoutStopSec=15
Restart=no
OOMPolicy=continue
MemoryMax=90%
TasksMax=1024
LimitNOFILE=4096
LimitCORE=0
DevicePolicy=closed
DeviceAllow=char-nvidia* rw
SupplementaryGroups=video
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateMounts=yes
PrivateUsers=yes
ProtectProc=invisible
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
KeyringMode=private
LockPersonality=yes
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallErrorNumber=EPERM
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
# Who asks there is told this machine's user data, secrets and all.
IPAddressDeny=169.254.169.254 fd00:ec2::254
"""


def arm_deadline(seconds: float) -> str:
    """The shell commands that power the machine off so long after they were run."""
    return ARM_DEADLINE.format(name=DEADLINE, power_off=POWER_OFF, seconds=seconds)


def server_unit(*, installs: bool) -> str:
    """`installs`: the server is put on the machine first."""
    needs = f"Requires={INSTALL}\nAfter={INSTALL}\n" if installs else ""
    return _SERVER_UNIT.format(needs=needs)
