"""kill -9 of Home Assistant while the door speaks and its stock is being filled."""

import asyncio
import os
import random
from collections import Counter
from contextlib import suppress
from typing import Final

from .house.client import Client
from .house.doorway import uuid_of
from .house.flows import reconfigure_subentry
from .house.gppde import TOGGLE
from .house.house import House
from .house.waiting import until

KILLS: Final = 10
ENOUGH: Final = 8
REFILL: Final = 90
# A mark that is never reached for long keeps the refill busy.
BUSY: Final = {"target": 30, "low_water": 25}


async def test_no_quip_is_lost_and_none_said_again_when_home_assistant_is_killed(
    house: House,
) -> None:
    seed = int(os.environ.get("GPPDE_KILL_SEED", random.randrange(1_000_000)))
    print(f"GPPDE_KILL_SEED={seed} brings these moments again")
    moments = random.Random(seed)
    await _keep_the_refill_busy(house)
    known = starters = house.shelves().all
    for kill in range(1, KILLS + 1):
        await until("enough fresh quips", REFILL, lambda: _has_enough(house))
        await _open_in_a_hurry(house.home_assistant.client, moments)
        await house.home_assistant.kill()
        known |= house.shelves().all
        _check(house, known)
        await house.home_assistant.start()
        _check(house, known)
        print(f"kill {kill}: {len(known)} quips known, {len(house.mpd.heard())} heard")
    assert len(house.mpd.heard()) > KILLS / 2, "too little was said to prove anything"
    assert len(known) > len(starters), "no refill was under way"


def _check(house: House, known: frozenset[str]) -> None:
    shelves = house.shelves()
    heard = [uuid_of(url) for url in house.mpd.heard().values()]
    assert known <= shelves.all, "a quip was lost"
    assert not shelves.fresh & shelves.stale, "a quip lies on both shelves"
    assert shelves.fresh, "the stock ran empty, which proves nothing"
    assert max(Counter(heard).values(), default=1) == 1, "a quip was said again"
    assert set(heard) <= shelves.stale, "a quip that was heard is still fresh"


async def _keep_the_refill_busy(house: House) -> None:
    gppde, client = house.gppde, house.home_assistant.client
    await reconfigure_subentry(client, gppde.entry_id, "persona", gppde.persona_id, BUSY)

    async def is_stored() -> bool:
        text = house.home_assistant.stored("core.config_entries")
        return gppde.door_id in text and f'"low_water":{BUSY["low_water"]}' in text

    await until("the configuration on disk", 30, is_stored)


async def _has_enough(house: House) -> bool:
    return len(house.shelves().fresh) >= ENOUGH


async def _open_in_a_hurry(client: Client, moments: random.Random) -> None:
    """Open and close the door until a random moment: half of them within the first word."""
    seconds = moments.choice([moments.uniform(0, 0.5), moments.uniform(0.5, 12)])
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                await client.call("input_boolean.turn_on", TOGGLE)
                await asyncio.sleep(moments.uniform(0.01, 2.5))
                await client.call("input_boolean.turn_off", TOGGLE)
                await asyncio.sleep(moments.uniform(0.01, 0.5))
