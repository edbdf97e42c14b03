"""A machine's life, from its user data to its end."""

import io
from zipfile import ZipFile

import pytest

from custom_components.gppde.aws.user_data import build
from custom_components.gppde.quipgen.errors import UnauthorizedError

from .image import Image, Wheel
from .machine import Boot, Machine
from .orders import BEARER, CERTIFICATE, an_order
from .serving import Connect, answering, finished

AT_ONCE = 20.0  # seconds, which a busy machine may need
SECRETS = (BEARER, CERTIFICATE.pem.splitlines()[1])


async def test_the_batch_starts_by_itself_and_dismissal_powers_off(
    boot: Boot, baked: Image, connect: Connect
) -> None:
    machine = boot(build(an_order()), baked)
    client = connect(machine)
    progress = await finished(client, machine)
    assert (progress.created, progress.total) == (3, 3)
    assert len(ZipFile(io.BytesIO(await client.quips())).namelist()) == 3
    await client.dismiss()
    machine.wait_off(AT_ONCE)


async def test_dismissal_powers_off_in_the_middle_of_a_batch(
    boot: Boot, baked: Image, connect: Connect
) -> None:
    machine = boot(build(an_order(count=200)), baked)
    client = connect(machine)
    await answering(client, machine)
    await client.dismiss()
    machine.wait_off(AT_ONCE)


async def test_a_machine_that_nobody_dismisses_powers_off_when_it_is_done(
    boot: Boot, baked: Image, connect: Connect
) -> None:
    machine = boot(build(an_order(idle_minutes=0.05)), baked)
    await finished(connect(machine), machine)
    machine.wait_off(AT_ONCE)


async def test_nobody_is_answered_without_the_token(served: Machine, connect: Connect) -> None:
    await answering(connect(served), served)
    with pytest.raises(UnauthorizedError):
        await connect(served, "another-token-for-testing").progress()


async def test_no_secret_is_in_a_log_or_a_process_list(served: Machine, connect: Connect) -> None:
    await finished(connect(served), served)
    seen = served.run("ps", "axwwe") + served.log
    assert "quipgen serve" in seen
    assert "listens on" in seen
    for secret in SECRETS:
        assert secret not in seen


async def test_secrets_are_for_root_alone_and_for_the_server(
    served: Machine, connect: Connect
) -> None:
    await answering(connect(served), served)
    for secret in SECRETS:
        found = served.run("grep", "-rlsF", "--", secret, "/etc", "/var", "/run")
        modes = served.run("stat", "--format=%a", *found.split())
        assert found
        assert set(modes.splitlines()) <= {"600", "400"}


async def test_the_server_has_no_privilege(served: Machine, connect: Connect) -> None:
    await answering(connect(served), served)
    told = served.run("systemctl", "show", "--property=MainPID", "--value", "quipgen")
    status = served.run("cat", f"/proc/{told.strip()}/status")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert "0" not in fields["Uid"].split()
    assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0
    assert fields["NoNewPrivs"] == "1"


async def test_a_package_is_installed_first(boot: Boot, wheel: Wheel, connect: Connect) -> None:
    machine = boot(build(an_order(package=wheel.path)), wheel.image)
    await answering(connect(machine), machine)
