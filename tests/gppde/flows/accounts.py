"""An account at AWS that a person enters."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant

from ..aws.faults import Refused
from ..aws.proxy import Proxy
from ..aws.request import ACCOUNT
from ..ec2_entries import FORM
from .forms import Result, start, submit

ROLE = f"arn:aws:iam::{ACCOUNT}:role/gppde"
OTHER_ACCOUNT = "210987654321"
SECOND = {"access_key": "testing2", "secret_key": "testing-secret-2"}


@pytest.fixture
def no_setup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not look after instances while forms are filled in."""

    async def done(*_: object) -> bool:
        return True

    monkeypatch.setattr("custom_components.gppde.async_setup_entry", done)


@pytest.fixture(autouse=True)
def all_is_there(aws: Proxy, no_setup: None) -> None:
    """Stand on an AWS that has everything, and on nothing that the machine knows of AWS."""


async def entered(hass: HomeAssistant, **changes: str) -> Result:
    """Fill in an account, and send it."""
    return await submit(hass, await start(hass, "ec2"), FORM | changes)


def told_by(code: str, action: str = "GetCallerIdentity", **more: Any) -> Refused:
    return Refused(action=action, code=code, **more)
