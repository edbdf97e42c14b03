"""A builder that boots on what `quipgen bake` tells it: it ends, and becomes an image."""

import json
import time

from quipgen_server.builder import Recipe, user_data

from .image import Image
from .machine import Boot

RECIPE = Recipe(id="b1", package="quipgen-server", hub_token="testing")
"""What a baked image has already; nothing can be fetched here."""
AT_ONCE = 60.0  # seconds, boot included
LATE = 30.0


def test_its_deadline_powers_it_off_when_nothing_else_does(boot: Boot, bare: Image) -> None:
    seconds = 8
    begun = time.monotonic()
    told = json.loads(user_data(RECIPE, seconds / 60).partition("\n")[2])
    del told["runcmd"]
    machine = boot(f"#cloud-config\n{json.dumps(told)}", bare)
    machine.wait_off(seconds + LATE)
    assert time.monotonic() - begun >= seconds
    assert "quipgen-bake-deadline.service" in machine.journal


def test_what_cannot_be_installed_is_said_before_it_powers_off(boot: Boot, bare: Image) -> None:
    machine = boot(user_data(RECIPE, 60), bare)
    machine.wait_off(AT_ONCE)
    assert RECIPE.failed in machine.journal
    assert RECIPE.done not in machine.journal


def test_it_ends_by_itself_and_forgets_what_it_was_told(boot: Boot, baked: Image) -> None:
    machine = boot(user_data(RECIPE, 60).replace("apt-get", "true apt-get"), baked)
    machine.wait_off(AT_ONCE)
    assert RECIPE.done in machine.journal
    top = machine._folder / "top"
    assert (top / "var/cache/private/quipgen").stat().st_mode & 0o777 == 0o700
    assert (top / "etc/machine-id").read_text() == ""
    assert [one.name for one in (top / "var/lib/cloud").iterdir()] == ["seed"]
