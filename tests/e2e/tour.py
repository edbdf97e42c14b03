"""The whole story without a person: the door speaks, its stock runs low, and is full again."""

import asyncio
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .house import browser, logs, sound
from .house.doorway import Doorway, Opening, uuid_of
from .house.errors import HouseError
from .house.house import House
from .house.pictures import Pictures
from .house.waiting import until, within

TARGET: Final = 10
LOW_WATER: Final = 5
MOST_OPENINGS: Final = 25


async def take(house: House, folder: Path, tell: Callable[[str], None]) -> Tour:
    """Play the story, keep pictures of it, and check it; raises HouseError."""
    client = house.home_assistant.client
    async with browser.run(client.login, folder) as page, Doorway.stand(house) as doorway:
        pictures = Pictures(page, house.home_assistant.url, folder, house.gppde)
        tour = Tour(house, doorway, pictures, tell)
        await tour.play()
    await tour.check()
    return tour


@dataclass(slots=True)
class Tour:
    """A walk through the story; `openings` is what happened so far."""

    house: House
    doorway: Doorway
    pictures: Pictures
    tell: Callable[[str], None]
    openings: list[Opening] = field(default_factory=list)

    async def play(self) -> None:
        """Open the door until lines of the quipgen server's were heard, and look at it all."""
        starters = self.house.shelves().all
        await self.pictures.open_dashboard()
        await self._open_until(lambda last: last.stock <= LOW_WATER, "a low stock")
        await self.pictures.take("dashboard-refill")
        await self._refilled()
        await self._open_until(lambda last: last.uuid not in starters, "a new line")
        await self._press_refill()
        await self._refilled()
        await self.pictures.see(self.openings[-1].text, len(self.house.shelves().fresh))
        await self.pictures.take("dashboard")
        await self.pictures.take("dashboard-dark", "dark")
        await self.pictures.media(self.openings[-1].text)
        await self.pictures.integration()

    async def check(self) -> None:
        """Compare what all witnesses say; raises HouseError."""
        said = [opening.uuid for opening in self.openings]
        heard = self.house.mpd.heard()
        sounds = await sound.audible(heard)
        shelves = self.house.shelves()
        complaints = logs.complaints(self.house.home_assistant.log)
        _insist("every line differs", len({o.text for o in self.openings}) == len(said))
        _insist("the player played just what was said", [*map(uuid_of, heard.values())] == said)
        _insist(f"{len(said)} recordings hold sound, not {len(sounds)}", len(sounds) == len(said))
        _insist("what was said is stale on disk", shelves.stale == set(said))
        _insist("the stock is full", len(shelves.fresh) >= TARGET)
        left = self.house.source.leftovers
        _insist(f"nothing is left running, as {left} is", not left)
        if "binary_sensor.instance" in self.house.gppde.entities:
            await self._check_instances()
        _insist("the log is clean:\n" + "".join(complaints), not complaints)

    async def _check_instances(self) -> None:
        states = await self.house.home_assistant.client.states()
        running, spent = (
            states[self.house.gppde.entities[key]]["state"]
            for key in ("binary_sensor.instance", "sensor.spent")
        )
        _insist(f"no instance runs, says the sensor, which is {running}", running == "off")
        _insist(f"they have cost something, not {spent} dollars", float(spent) > 0)
        self.tell(f"Nothing is left running; all instances have cost {spent} dollars")

    def table(self) -> str:
        """Return what was said, how soon, and what was left."""
        rows = [f"{o.milliseconds:10.1f}  {o.stock:11}  {o.text}" for o in self.openings]
        times = [opening.milliseconds for opening in self.openings]
        summary = f"median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms"
        return "\n".join(
            [
                "ms to call  stock after  what the door said",
                *rows,
                f"From sensor to player in {len(rows)} openings: {summary}",
            ]
        )

    async def _open_until(self, is_enough: Callable[[Opening], bool], what: str) -> None:
        while len(self.openings) < MOST_OPENINGS:
            self.openings.append(opening := await self.doorway.open())
            self.tell(f"“{opening.text}” after {opening.milliseconds:.1f} ms, {opening.stock} left")
            await self.pictures.see(opening.text)
            if len(self.openings) == 1:
                await self.pictures.take("dashboard-open")
            await self.doorway.close()
            if is_enough(opening):
                return
        raise HouseError(f"{what} did not come in {MOST_OPENINGS} openings")

    async def _press_refill(self) -> None:
        async with within(
            self.house.source.patience, "The end of a refill that a person asked for"
        ):
            client, entities = self.house.home_assistant.client, self.house.gppde.entities
            await client.call("button.press", entities["button.refill"])

    async def _refilled(self) -> None:
        """Wait until the stock is full and nothing is being made any more."""
        client, entities = self.house.home_assistant.client, self.house.gppde.entities

        async def is_full() -> bool:
            states = await client.states()
            refill, stock = (
                states[entities[key]]["state"] for key in ("sensor.refill", "sensor.quip_stock")
            )
            return refill == "idle" and int(stock) >= TARGET

        start = asyncio.get_running_loop().time()
        await until("A full stock", self.house.source.patience, is_full)
        seconds = asyncio.get_running_loop().time() - start
        self.tell(f"The stock is full again (waited {seconds:.1f} s)")


def _insist(claim: str, is_so: bool) -> None:
    if not is_so:
        raise HouseError(f"This did not come true: {claim}")
