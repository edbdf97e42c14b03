"""What a person chose for quips from EC2."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_REGION

from ..aws.config import CloudConfig
from ..aws.instance import RESOLVE

CONF_ACCESS_KEY: Final = "access_key"
CONF_SECRET_KEY: Final = "secret_key"  # noqa: S105  the name of a field
CONF_ROLE: Final = "role"

CONF_TYPES: Final = "types"
CONF_SPOT_FIRST: Final = "spot_first"
CONF_IMAGE: Final = "image"
CONF_PACKAGE: Final = "package"
CONF_MODEL: Final = "model"
CONF_VOICE_ENGINE: Final = "voice_engine"
CONF_CEILING: Final = "ceiling"
CONF_BUDGET: Final = "budget"
CONF_HOME_ADDRESS: Final = "home_address"

PACKAGE: Final = "quipgen-server @ https://github.com/gppde/gppde/archive/refs/tags/v0.1.0.tar.gz"
"""The server of this very version, which fits the client."""

PORT: Final = 8765
VOLUME_GIB: Final = 40

DEFAULTS: Final[dict[str, Any]] = {
    CONF_TYPES: ["g6.xlarge", "g4dn.xlarge"],
    CONF_SPOT_FIRST: True,
    CONF_IMAGE: RESOLVE + "/aws/service/deeplearning/ami/x86_64/"
    "base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id",
    CONF_PACKAGE: PACKAGE,
    CONF_MODEL: "",
    CONF_VOICE_ENGINE: "espeak-ng",
    CONF_CEILING: 1.0,
    CONF_BUDGET: 5.0,
    CONF_HOME_ADDRESS: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ec2Settings:
    """`ceiling` is in dollars an hour, `budget` in dollars a month.

    `package` is what pip installs as the server; without one the image brings it along.
    `home_address` is this home's public IPv4 address; without one AWS is asked for it.
    """

    cloud: CloudConfig
    types: list[str]
    spot_first: bool
    image: str
    package: str | None
    model: str | None
    voice_engine: str
    ceiling: float
    budget: float
    home_address: str | None

    @classmethod
    def from_entry(cls, entry: ConfigEntry[Any]) -> Self:
        """Read the entry's data, and its options, which have defaults."""
        chosen = DEFAULTS | entry.options
        return cls(
            cloud=cloud_config(entry.data),
            types=chosen[CONF_TYPES],
            spot_first=chosen[CONF_SPOT_FIRST],
            image=chosen[CONF_IMAGE],
            package=chosen[CONF_PACKAGE] or None,
            model=chosen[CONF_MODEL] or None,
            voice_engine=chosen[CONF_VOICE_ENGINE],
            ceiling=chosen[CONF_CEILING],
            budget=chosen[CONF_BUDGET],
            home_address=chosen[CONF_HOME_ADDRESS] or None,
        )


def cloud_config(account: Mapping[str, Any]) -> CloudConfig:
    """Read a region, the keys for it, if there are any, and the role to assume, if there is one."""
    return CloudConfig(
        region=account[CONF_REGION],
        access_key=account.get(CONF_ACCESS_KEY) or None,
        secret_key=account.get(CONF_SECRET_KEY) or None,
        role=account.get(CONF_ROLE) or None,
    )
