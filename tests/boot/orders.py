"""What the machines of these tests are told."""

from typing import Any, Final

from custom_components.gppde.aws.certificate import make_certificate
from custom_components.gppde.aws.user_data import BootConfig

BEARER: Final = "a-bearer-for-testing-only"
CERTIFICATE: Final = make_certificate()
PORT: Final = 8765
MINUTE: Final = 60
PERSONA: Final = {"name": "Eddie", "description": "A door.", "tone": "sunny", "voice": "en-us"}


def an_order(*, count: int = 3, **changes: Any) -> BootConfig:
    """Return a configuration whose batch takes seconds."""
    told: dict[str, Any] = {
        "certificate_pem": CERTIFICATE.pem,
        "bearer": BEARER,
        "order": {"count": count, "persona": PERSONA, "avoid": ["Welcome aboard."]},
        "port": PORT,
    }
    return BootConfig(**told | changes)
