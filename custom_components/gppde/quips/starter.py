"""The quips that ship with the integration, so that the first door need not wait for any other."""

import asyncio
from pathlib import Path

from .quip import Quip
from .stock import Stock

FOLDER = Path(__file__).with_suffix("")


async def fill(stock: Stock) -> int:
    """Add the starter pack and return how many quips were new. Raises StockError."""
    added = [await stock.add(quip, mp3) for quip, mp3 in await asyncio.to_thread(_read)]
    return sum(added)


def _read() -> list[tuple[Quip, bytes]]:
    files = FOLDER.glob("*.json")
    quips = [(Quip.from_json(file.read_bytes()), file) for file in files]
    quips.sort(key=lambda quip: quip[0].created)
    return [(quip, file.with_suffix(".mp3").read_bytes()) for quip, file in quips]
