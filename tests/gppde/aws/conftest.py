"""What the tests of our life at AWS stand on."""

import pytest


@pytest.fixture(autouse=True)
def custom_integrations() -> None:
    """Do without a Home Assistant, which costs each test some tenths of a second."""


@pytest.fixture(autouse=True)
def unusual_calls_fail(request: pytest.FixtureRequest) -> None:
    """Let each test that speaks with AWS tell which calls it makes."""
    if "aws" in request.fixturenames:
        request.getfixturevalue("usual_calls")
