"""Where things are in this checkout."""

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
INTEGRATION: Final = ROOT / "custom_components" / "gppde"
ENVIRONMENTS: Final = Path(os.environ.get("GPPDE_ENVIRONMENTS", ROOT / ".venv"))
RELEASE: Final = os.environ.get("GPPDE_RELEASE", "2026.11")
HASS: Final = ENVIRONMENTS / f"home-assistant-{RELEASE}" / "bin" / "hass"
QUIPGEN: Final = ENVIRONMENTS / "server" / "bin" / "quipgen"
