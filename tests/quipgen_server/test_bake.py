"""Does `quipgen bake` make an image, and leave no builder behind whatever happens to it?"""

import base64
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from quipgen_server import bake as baking
from quipgen_server.account import TAG, Account, BakeError, PassingError
from quipgen_server.bake import Plan
from quipgen_server.builder import Recipe, user_data
from quipgen_server.cli import main
from quipgen_server.commands import POCKET_MODEL
from quipgen_server.voices.pocket import DEFAULT_MODEL
from tests.moto import moto_serving, reset

from .aws import REGION, Builder, Region

HUB_TOKEN = "hub-token-that-must-not-leak"
STEPS = ["launch", "instances", "console", "make_image", "image", "approve"]


@pytest.fixture(scope="module")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto_serving(tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture(autouse=True)
def ended_as_before() -> Iterator[None]:
    """The command catches SIGTERM; whoever ends these tests means the tests."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def region(moto: str, monkeypatch: pytest.MonkeyPatch) -> Region:
    """An empty one."""
    reset(moto)
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    return Region()


@pytest.fixture
def builder(region: Region, monkeypatch: pytest.MonkeyPatch) -> Builder:
    """What the bake launches works while the bake waits."""
    builder = Builder(region)
    launch_request = baking.launch_request

    def noted(account: Account, plan: Plan) -> dict[str, Any]:
        builder.recipe = plan.recipe
        return launch_request(account, plan)

    monkeypatch.setattr(baking, "launch_request", noted)
    monkeypatch.setattr(baking, "sleep", builder.work)
    monkeypatch.setattr(Account, "console", builder.console)
    return builder


def command(region: Region, *arguments: str) -> list[str]:
    return ["bake", "--region", REGION, "--image", region.any_image(), *arguments]


def test_an_image_is_made_and_the_builder_is_gone(
    region: Region, builder: Builder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(region)) == 0
    [image] = region.images()
    told = capsys.readouterr().out
    cost = rf"^{image}: a snapshot of \d+ GiB, at most \d+\.\d\d \$ a month"
    assert re.search(cost, told, re.MULTILINE)
    assert region.instances() == []


def test_the_builder_is_launched_with_care(
    region: Region, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests: list[dict[str, Any]] = []
    launch = Account.launch

    def noted(self: Account, request: dict[str, Any]) -> str:
        requests.append(request)
        return launch(self, request)

    monkeypatch.setattr(Account, "launch", noted)
    assert main(command(region, "--type", "t3.small", "--volume", "100")) == 0
    [request] = requests
    assert request["InstanceType"] == "t3.small"
    assert request["InstanceInitiatedShutdownBehavior"] == "stop"
    assert request["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    [volume] = request["BlockDeviceMappings"]
    assert volume["Ebs"]["Encrypted"]
    assert volume["Ebs"]["DeleteOnTermination"]
    assert volume["Ebs"]["VolumeSize"] == 100
    assert not {"KeyName", "IamInstanceProfile", "SecurityGroupIds"} & request.keys()


def test_what_an_image_is_to_begin_with_may_be_named_by_a_parameter(
    region: Region, builder: Builder
) -> None:
    ssm = Account(REGION)._ssm
    ssm.put_parameter(Name="/base", Value=region.any_image(), Type="String")
    assert main(["bake", "--region", REGION, "--image", "resolve:ssm:/base"]) == 0
    assert len(region.images()) == 1


def test_a_dry_run_launches_nothing_and_tells_what_would_be(
    region: Region, builder: Builder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(region, "--dry-run", "--model", "Qwen/Qwen3-1.7B")) == 0
    told = capsys.readouterr().out
    assert "Qwen/Qwen3-1.7B" in told
    assert "AWS would launch the builder." in told
    assert not region.instances()
    assert not region.images()


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("ERROR: no such package\n{0.failed}", "ERROR: no such package"),
        ("Still installing.", "powered off, maybe at its deadline"),
    ],
)
def test_what_is_not_complete_becomes_no_image(
    region: Region,
    builder: Builder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    says: str,
    told: str,
) -> None:
    monkeypatch.setattr(baking, "CONSOLE_MINUTES", 0.01)
    builder.says = says
    assert main(command(region)) == 1
    assert told in capsys.readouterr().err
    assert not region.instances()
    assert not region.images()


def test_a_builder_that_never_ends_is_ended(
    region: Region, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(baking, "MINUTES", 0.01)
    monkeypatch.setattr(baking, "SPARE_MINUTES", 0.0)
    builder.works = False
    assert main(command(region)) == 1
    assert not region.instances()
    assert not region.images()


@pytest.mark.parametrize("error", [BakeError("No."), KeyboardInterrupt()])
@pytest.mark.parametrize("step", STEPS)
def test_whatever_fails_no_builder_and_no_half_an_image_stays(
    region: Region,
    builder: Builder,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: BaseException,
) -> None:
    """Each step is carried out, and then fails."""

    def fail() -> None:
        raise error

    after(monkeypatch, step, fail)
    before = region.snapshots()
    assert main(command(region)) == (130 if isinstance(error, KeyboardInterrupt) else 1)
    assert not region.instances()
    assert len(region.images()) == (step == "approve")
    assert len(region.snapshots() - before) == (step == "approve")


@pytest.mark.parametrize("step", STEPS)
def test_what_a_killed_run_leaves_behind_the_next_one_cleans_up(
    region: Region, builder: Builder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as patch:
        after(patch, step, lambda: os.kill(os.getpid(), signal.SIGKILL))
        doomed = multiprocessing.get_context("fork").Process(target=main, args=(command(region),))
        doomed.start()
        doomed.join(60)
    assert doomed.exitcode == -signal.SIGKILL
    assert region.instances(), "the builder of the killed run is still there"
    before = region.images() if step == "approve" else []
    assert main(command(region)) == 0
    assert region.instances() == []
    assert len(region.images()) == len(before) + 1


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGKILL"])
def test_the_command_itself_is_interrupted(
    region: Region, builder: Builder, name: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    # What runs in the background of a shell has been told to ignore SIGINT.
    listening = ["env", "--default-signal=INT", sys.executable]
    whole = [*listening, "-m", "quipgen_server", *command(region)]
    with log.open("w") as stream, subprocess.Popen(whole, stderr=stream) as process:
        try:
            await_true(lambda: "is launched" in log.read_text())
            process.send_signal(signal.Signals[name])
            if name != "SIGKILL":
                await_true(lambda: "Terminating the builder" in log.read_text())
                await_true(lambda: region.instances() == [])
        finally:
            process.kill()
    if name == "SIGKILL":
        assert len(region.instances()) == 1
        assert main(command(region)) == 0
    assert region.instances() == []


def test_aws_may_be_silent_for_a_while(
    region: Region, builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_silent() -> None:
        raise PassingError("No answer.")

    after(monkeypatch, "instances", be_silent, times=3)
    assert main(command(region)) == 0
    assert not region.instances()
    assert len(region.images()) == 1


def test_a_builder_that_cannot_be_ended_is_told(
    region: Region,
    builder: Builder,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> None:
        raise BakeError("AWS does not carry out TerminateInstances.")

    monkeypatch.setattr(Account, "terminate", refuse)
    assert main(command(region)) == 1
    told = capsys.readouterr().err
    assert "may still be there, and cost money" in told
    assert TAG in told


@pytest.mark.parametrize(
    ("arguments", "told", "status"),
    [
        (["--region", REGION, "--image", "ami-0"], "There is no image ami-0", 1),
        (["--region", REGION, "--image", "resolve:ssm:/nowhere"], "ParameterNotFound", 1),
        (["--image", "ami-0"], "You must specify a region", 1),
        (["--region", REGION, "--model", "/opt/model"], "/opt/model is a folder here", 2),
        (["--region", REGION, "--hub-token-file", "/nowhere"], "Cannot read /nowhere", 2),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_launched(
    region: Region,
    builder: Builder,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
    status: int,
) -> None:
    assert main(["bake", *arguments]) == status
    assert told in capsys.readouterr().err
    assert region.instances() == []


def test_without_boto3_it_tells_how_to_get_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert main(["bake", "--region", REGION]) == 2
    assert "pip install 'quipgen-server[bake]'" in capsys.readouterr().err


def test_a_token_for_the_hub_is_told_to_the_builder_alone(
    region: Region,
    builder: Builder,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = tmp_path / "hub"
    file.write_text(f"{HUB_TOKEN}\n")
    arguments = ["--voice-engine", "pocket-tts", "--hub-token-file", str(file)]
    seen: list[str] = []
    after(monkeypatch, "launch", lambda: seen.append(region.instances()[0]["InstanceId"]))
    assert main(command(region, *arguments)) == 0
    assert HUB_TOKEN in base64.b64decode(region.user_data(seen[0])).decode()
    streams = capsys.readouterr()
    assert HUB_TOKEN not in streams.out + streams.err
    assert POCKET_MODEL in streams.out


def test_the_voice_that_is_baked_is_the_one_that_the_server_loads() -> None:
    assert POCKET_MODEL == DEFAULT_MODEL


def files_of(recipe: Recipe) -> dict[str, Any]:
    _, _, text = user_data(recipe, 60).partition("\n")
    config: dict[str, Any] = json.loads(text)
    assert next(iter(config)) == "bootcmd", "the deadline is armed before anything else"
    return {file["path"]: file for file in config["write_files"]} | {"config": config}


def test_the_builder_is_told_what_to_install_in_words_that_a_shell_understands() -> None:
    recipe = Recipe(id="b1", package="quipgen-server @ https://h/x.whl", model="a/b'c")
    files = files_of(recipe)
    config = files.pop("config")
    scripts = [*config["bootcmd"], *config["runcmd"], files["/run/quipgen-bake/bake"]["content"]]
    for script in scripts:
        subprocess.run(["sh", "-n"], input=script, text=True, check=True)
    compile(files["/run/quipgen-bake/fetch"]["content"], "fetch", "exec")
    assert all(path.startswith("/run/") for path in files), "none of them is in the image"
    assert len(user_data(recipe, 60)) < 16_384


def test_the_deadline_is_armed_by_units_that_wait_for_nothing(tmp_path: Path) -> None:
    config = files_of(Recipe(id="b1", package="quipgen-server"))["config"]
    guard = config["bootcmd"][0].replace("/run/systemd/system", str(tmp_path))
    calls = tmp_path / "calls"
    stub = f'systemctl() {{ echo "$*" >>{calls}; }}\n'
    subprocess.run(["sh", "-c", stub + guard], check=True)
    assert calls.read_text().split("\n") == [
        "daemon-reload",
        "start quipgen-bake-deadline.timer",
        "",
    ]
    timer = (tmp_path / "quipgen-bake-deadline.timer").read_text()
    assert "DefaultDependencies=no\n[Timer]\nOnActiveSec=60min\n" in timer
    service = (tmp_path / "quipgen-bake-deadline.service").read_text()
    assert "ExecStart=/usr/bin/systemctl poweroff --force\n" in service


def test_a_builder_without_a_deadline_ends_at_once(tmp_path: Path) -> None:
    config = files_of(Recipe(id="b1", package="quipgen-server"))["config"]
    guard = config["bootcmd"][0].replace("/run/systemd/system", str(tmp_path))
    calls = tmp_path / "calls"
    stub = f'systemctl() {{ echo "$*" >>{calls}; [ "$1" = poweroff ]; }}\n'
    subprocess.run(["sh", "-c", stub + guard], check=True)
    assert calls.read_text().split("\n") == ["daemon-reload", "poweroff --force", ""]


def after(
    patch: pytest.MonkeyPatch, step: str, happen: Callable[[], object], times: int = 1
) -> None:
    """Once a builder is there, let something happen whenever a step was carried out."""
    carried_out, launch = getattr(Account, step), Account.launch
    launched: list[str] = []
    left = iter(range(times))

    def noted(self: Account, request: dict[str, Any]) -> str:
        launched.append(launch(self, request))
        return launched[-1]

    def step_and_more(self: Account, *arguments: Any) -> Any:
        answer = (noted if step == "launch" else carried_out)(self, *arguments)
        if launched and next(left, None) is not None:
            happen()
        return answer

    patch.setattr(Account, "launch", noted)
    patch.setattr(Account, step, step_and_more)


def await_true(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)
