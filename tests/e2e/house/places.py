"""Where things are in this checkout."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
INTEGRATION: Final = ROOT / "custom_components" / "gppde"
ENVIRONMENTS: Final = Path(os.environ.get("GPPDE_ENVIRONMENTS", ROOT / ".venv"))
OLDEST: Final = "2026.10"
NEWEST: Final = "2026.11"
QUIPGEN: Final = ENVIRONMENTS / "server" / "bin" / "quipgen"


def hass(release: str) -> Path:
    """Return the command that starts a release of Home Assistant."""
    return ENVIRONMENTS / f"home-assistant-{release}" / "bin" / "hass"
