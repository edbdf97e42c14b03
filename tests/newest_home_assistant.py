"""A pytest plugin for the newest Home Assistant, loaded with `-p` before the test plugin.

The test plugin is made for the release before: it imports httpx before Home Assistant has put its
alias in place, and a helper of the logger integration from where it used to be.
"""

from homeassistant.components import logger
from homeassistant.components.logger import helpers

if not hasattr(logger, "_clear_logger_overwrites"):
    logger._clear_logger_overwrites = helpers._clear_logger_overwrites  # type: ignore[attr-defined]
