"""The configuration folder of a Home Assistant that has just been unpacked."""

import json
from pathlib import Path
from typing import Any

from .places import INTEGRATION
from .ports import LOOPBACK

HOUSE = """
homeassistant:
  name: House of the talking door
  latitude: 52.37
  longitude: 4.89
  elevation: 0
  country: NL
  unit_system: metric
  time_zone: Europe/Amsterdam
  internal_url: {url}
"""
CONFIGURATION = (
    HOUSE
    + """\
frontend:
history:
logbook:
media_source:
conversation:
assist_pipeline:
logger:
  default: warning
  logs:
    custom_components.gppde: info
input_boolean:
  front_door:
    name: Front door stands open
    icon: mdi:hand-back-right
automation: !include automations.yaml
template:
  - binary_sensor:
      - name: Front door
        unique_id: front_door
        device_class: door
        state: "{{{{ is_state('input_boolean.front_door', 'on') }}}}"
"""
)


def write(folder: Path, port: int, configuration: str = CONFIGURATION) -> None:
    """Fill an empty folder; `port` is where Home Assistant will listen, on loopback only."""
    (folder / "configuration.yaml").write_text(
        configuration.format(url=f"http://{LOOPBACK}:{port}")
    )
    (folder / "automations.yaml").write_text("[]")
    # An `http:` block would be asked about in a dialog; what is stored is taken as confirmed.
    _store(folder, "http", 1, {"server_host": [LOOPBACK], "server_port": port})
    # The steps that fetch weather, radio and a shopping list from the internet count as done.
    _store(folder, "onboarding", 4, {"done": ["core_config", "analytics", "integration"]})
    components = folder / "custom_components"
    components.mkdir()
    (components / "gppde").symlink_to(INTEGRATION)


def _store(folder: Path, key: str, version: int, data: dict[str, Any]) -> None:
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    (storage / key).write_text(
        json.dumps({"version": version, "minor_version": 1, "key": key, "data": data})
    )
