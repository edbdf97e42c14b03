from pathlib import Path

from . import tour
from .house.house import House


async def test_the_door_speaks_and_its_stock_is_refilled(house: House, tmp_path: Path) -> None:
    story = await tour.take(house, tmp_path, print)
    print(story.table())
