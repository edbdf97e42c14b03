"""A persona with very many quips, half of them heard, in a real Home Assistant."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from homeassistant.components.media_source import async_browse_media
from homeassistant.components.websocket_api.messages import event_message, message_to_json_bytes
from homeassistant.core import HomeAssistant
from homeassistant.helpers.json import json_bytes

from custom_components.gppde.backup import async_post_backup, async_pre_backup
from custom_components.gppde.const import DOMAIN
from custom_components.gppde.dashboard.snapshot import take_snapshot
from custom_components.gppde.data import running_entry
from custom_components.gppde.personas.persona import stocks_folder
from custom_components.gppde.quips.folder import RACY
from custom_components.gppde.quips.stock import Stock
from custom_components.gppde.refills.fulfilment import AVOIDED_AT_MOST

from ..start import Home, house, set_up
from ..stock import MP3, make_quip
from .heart import heart
from .memory import resident

PERSONA = "persona-0"
BETWEEN_DOORS = 0.1

type Job = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Row:
    """`seconds` of the whole job; milliseconds of the longest wait for the loop; MB it added."""

    job: str
    seconds: float
    busy: float
    stalled: float
    memory: float


@dataclass(frozen=True)
class Hoard:
    """`heard` are the milliseconds that the slowest of the players that fetched a quip had to wait
    for it while all were recycled.
    """

    quips: int
    rows: list[Row]
    heard: float


async def measure(quips: int) -> Hoard:
    """Do what doors, refills, people and backups make us do."""
    home = Home(1, quips)
    async with house(home) as hass:
        await asyncio.to_thread(hear_half, stocks_folder(hass) / PERSONA)
        await asyncio.sleep(RACY)
        rows = [await measured("set up", partial(set_up, hass, home))]
        rows += [await measured(name, job) for name, job in jobs(hass, quips)]
        recycled = asyncio.Event()
        doors = asyncio.create_task(slowest_door(stock_of(hass), recycled))
        rows.append(await measured("recycle", partial(act, hass, "recycle")))
        recycled.set()
        return Hoard(quips, rows, await doors * 1e3)


def hear_half(folder: Path) -> None:
    """Let every second quip be one that was heard."""
    mp3s = (folder / "fresh").glob("*.mp3")
    for mp3 in list(islice(mp3s, 0, None, 2)):
        for file in mp3, mp3.with_suffix(".json"):
            file.rename(folder / "stale" / file.name)


async def measured(name: str, job: Job) -> Row:
    """Do one thing, and feel the loop meanwhile."""
    memory = resident()
    async with heart() as felt:
        started = perf_counter()
        await job()
        seconds = perf_counter() - started
    return Row(name, seconds, felt.busy * 1e3, felt.stalled * 1e3, resident() - memory)


def jobs(hass: HomeAssistant, quips: int) -> Iterator[tuple[str, Job]]:
    """Yield what is measured, answers up to the bytes that would be sent."""
    stock = stock_of(hass)
    yield "list_quips", partial(act, hass, "list_quips")
    yield "list_quips, the next ten", partial(act, hass, "list_quips", limit=10)
    yield "list_quips, by words", partial(act, hass, "list_quips", text=f"{quips // 2} times")
    yield "Media panel: fresh", partial(browse, hass, "fresh")
    yield "Media panel: stale", partial(browse, hass, "stale")
    yield "card's snapshot", partial(show, hass)
    yield "add one, the newest", partial(stock.add, make_quip(quips + 10), MP3)
    yield "add one, made a little earlier", partial(stock.add, make_quip(quips - 10), MP3)
    yield "add one, older than all", partial(stock.add, make_quip(-1), MP3)
    yield "look for changes", stock.rescan
    yield "texts for a refill", partial(avoid, stock)
    yield "a backup begins and ends", partial(back_up, hass)


def stock_of(hass: HomeAssistant) -> Stock:
    """Return the one stock there is."""
    entry = running_entry(hass)
    assert entry
    return entry.runtime_data.personas[PERSONA].stock


async def act(hass: HomeAssistant, action: str, **fields: Any) -> None:
    """Call an action as the developer tools do."""
    answer = await hass.services.async_call(
        DOMAIN, action, fields, blocking=True, return_response=True
    )
    json_bytes(answer)


async def browse(hass: HomeAssistant, heap: str) -> None:
    """Open a heap in the Media panel."""
    opened = await async_browse_media(hass, f"media-source://{DOMAIN}/{PERSONA}/{heap}")
    json_bytes(opened.as_dict())


async def show(hass: HomeAssistant) -> None:
    """Tell a dashboard card all that it shows."""
    message_to_json_bytes(event_message(1, take_snapshot(hass, running_entry(hass))))


async def avoid(stock: Stock) -> None:
    """Tell a source what was said."""
    stock.texts(AVOIDED_AT_MOST)


async def back_up(hass: HomeAssistant) -> None:
    """Hold the files, and let them go."""
    await async_pre_backup(hass)
    await async_post_backup(hass)


async def slowest_door(stock: Stock, recycled: asyncio.Event) -> float:
    """Have a quip fetched again and again; return the most seconds that a player waited for it."""
    waits = []
    while not recycled.is_set() and (quip := stock.draw(repeat=True)):
        started = perf_counter()
        await stock.mark_stale(quip.uuid)
        waits.append(perf_counter() - started)
        await asyncio.sleep(BETWEEN_DOORS)
    return max(waits)
