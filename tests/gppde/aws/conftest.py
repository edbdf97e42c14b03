"""What the tests of our life at AWS stand on."""

import pytest


@pytest.fixture(autouse=True)
def custom_integrations() -> None:
    """Do without a Home Assistant, which costs each test some tenths of a second."""
