import json
from pathlib import Path

import custom_components.gppde
from custom_components.gppde.ec2.settings import PACKAGE

MANIFEST = Path(custom_components.gppde.__file__).parent / "manifest.json"


def test_the_server_that_is_installed_is_of_this_version() -> None:
    assert f"/v{json.loads(MANIFEST.read_text())['version']}.tar.gz" in PACKAGE
