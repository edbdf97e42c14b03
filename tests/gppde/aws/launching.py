"""An ordinary launch, of which a test changes what it is about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.aws.instance import Instance, Launch

from .lacking import IMAGE

HOME = "home-1"
ADDRESS = "203.0.113.5"
PORT = 8443
USER_DATA = "#cloud-config\n# bearer a-bearer-of-this-very-test\n"
BEARER = "a-bearer-of-this-very-test"
LAUNCH = Launch(
    client_token="token-1",
    home=HOME,
    attempt="attempt-1",
    expires=datetime(2026, 11, 21, 12, 20, tzinfo=UTC),
    type="g6.xlarge",
    zone="us-east-1a",
    is_spot=True,
    image=IMAGE,
    user_data=USER_DATA,
    group="",
    subnet=None,
    volume_gib=60,
)


def a_launch(cloud: Cloud, **changes: Any) -> Launch:
    """Return a launch into the group that is made for it, and the first zone's default subnet."""
    group = cloud.firewall(changes.get("home", HOME)).ensure(ADDRESS, PORT)
    place = cloud.placements([LAUNCH.type])[0]
    return replace(LAUNCH, group=group, zone=place.zone, subnet=place.subnet, **changes)


def launched(cloud: Cloud, attempt: str = LAUNCH.attempt, **changes: Any) -> Instance:
    """Launch an instance for an attempt, by a client token of its own."""
    wish = a_launch(cloud, attempt=attempt, client_token=f"token of {attempt}", **changes)
    return cloud.launch(wish)
