"""An entry whose quips come from EC2, and its account there."""

from typing import Any

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.gppde.const import DOMAIN

from .aws.account import KEY, REGION, SECRET
from .aws.request import ACCOUNT
from .helpers import door, persona

KEYS = {"access_key": KEY, "secret_key": SECRET}
FORM = {"region": REGION, **KEYS}


def make_ec2_entry(
    hass: HomeAssistant,
    *,
    account: str = ACCOUNT,
    options: dict[str, Any] | None = None,
    title: str = f"Quipgen on EC2 ({REGION})",
    **data: str,
) -> MockConfigEntry:
    """Add an entry; nothing is set up."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        title=title,
        unique_id=account,
        data={"source": "ec2", **FORM, **data},
        options=options or {},
        subentries_data=[persona(), door()],
    )
    entry.add_to_hass(hass)
    return entry
