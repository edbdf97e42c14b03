"""The end-to-end tests talk to real programs over real sockets, all of them on loopback."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from .house.house import House, open_house

LONGEST = ("test_kill", "test_life", "test_tour")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that the others are done beside it."""
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


@pytest.fixture
async def house(tmp_path: Path, socket_enabled: None) -> AsyncGenerator[House]:
    """A whole house, just set up."""
    async with open_house(tmp_path) as house:
        yield house
