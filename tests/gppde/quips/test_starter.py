"""The quips that ship with the integration."""

from io import BytesIO
from pathlib import Path

import pytest
from homeassistant.core import HomeAssistant

from custom_components.gppde.quips.mp3 import measure, title
from custom_components.gppde.quips.starter import FOLDER, fill
from custom_components.gppde.quips.stock import Stock


@pytest.fixture
async def stock(hass: HomeAssistant, tmp_path: Path) -> Stock:
    """Return a stock filled for the first time."""
    stock = Stock(tmp_path / "stock", hass.async_add_executor_job)
    await stock.load()
    assert await fill(stock) == 12
    return stock


async def test_a_first_stock_has_twelve_lines_in_the_order_they_were_written(stock: Stock) -> None:
    lines = (FOLDER / "lines.txt").read_text().splitlines()
    assert [quip.text for quip in stock.fresh()] == lines


async def test_filling_again_adds_nothing_even_after_some_were_heard(stock: Stock) -> None:
    quip = stock.draw(repeat=False)
    assert quip
    await stock.mark_stale(quip.uuid)
    assert await fill(stock) == 0
    assert stock.fresh_count == 11


async def test_each_line_is_a_short_mp3_that_carries_its_text(stock: Stock) -> None:
    for quip in stock.fresh():
        path = stock.path(quip.uuid)
        assert path
        mp3 = path.read_bytes()
        assert measure(BytesIO(mp3)) == pytest.approx(quip.duration, abs=0.1)
        assert 1 < quip.duration < 8
        assert title(BytesIO(mp3)) == quip.text
        assert -20 < quip.loudness < -16
