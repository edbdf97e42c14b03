"""What happens in the household's week, besides doors that open."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.e2e.house.flows import (
    add_subentry,
    change_options,
    reconfigure_subentry,
    subentries,
)
from tests.e2e.house.waiting import until

from .furnishing import SPARE, form_of
from .household import CALM
from .troubles import Deed, kill, restart

if TYPE_CHECKING:
    from .life import Life

BACKUP = 120
AGENT = "backup.local"


@dataclass(frozen=True, slots=True)
class Happening:
    """`at` is how much of the week is over."""

    at: timedelta
    name: str
    deed: Deed


async def kill_while_speaking(life: Life) -> None:
    """Kill -9 Home Assistant with some doors' words on their lips."""
    doors = list(life.days.scene())
    await life.open(doors)
    await asyncio.sleep(life.rng.uniform(0, 1.5))
    await life.home.kill()
    await life.close(doors)


async def switch_attic_off(life: Life) -> None:
    """Switch a player off."""
    await life.place.attic.leave()


async def switch_attic_on(life: Life) -> None:
    """Switch it on again."""
    await life.place.attic.come()


async def take_stairs_away(life: Life) -> None:
    """Switch the satellite off."""
    await life.place.stairs.leave()


async def bring_stairs_back(life: Life) -> None:
    """Switch it on again."""
    await life.place.stairs.come()


async def hush(life: Life) -> None:
    """Let the nursery's door be quiet for the afternoon nap."""
    await life.home.call("switch.turn_off", "switch.nursery_talkative")


async def let_talk(life: Life) -> None:
    """Let it talk again."""
    await life.home.call("switch.turn_on", "switch.nursery_talkative")


async def add_door(life: Life) -> None:
    """Let one more door speak."""
    personas = await subentries(life.home.client, life.entry_id, "persona")
    await add_subentry(life.home.client, life.entry_id, "door", form_of(SPARE, personas))
    life.home.ears.doors[f"binary_sensor.{SPARE.key}"] = SPARE.name
    life.days.doors.append(SPARE)


async def remove_door(life: Life) -> None:
    """Let it be silent again."""
    doors = await subentries(life.home.client, life.entry_id, "door")
    await life.home.client.command(
        "config_entries/subentries/delete",
        entry_id=life.entry_id,
        subentry_id=doors[SPARE.name],
    )
    del life.home.ears.doors[f"binary_sensor.{SPARE.key}"]
    life.days.doors.remove(SPARE)


async def change_persona(life: Life) -> None:
    """Let a persona want a larger stock."""
    personas = await subentries(life.home.client, life.entry_id, "persona")
    await reconfigure_subentry(
        life.home.client, life.entry_id, "persona", personas["Marvin"], {"target": 50}
    )


async def change_options_(life: Life) -> None:
    """Grant a larger budget."""
    await change_options(life.home.client, life.entry_id, {"budget": 15})


async def back_up_and_restore(life: Life) -> None:
    """Make a backup, let doors speak, and restore it, as if the evening had never been."""
    await life.home.client.command("backup/generate", agent_ids=[AGENT], name="soak")

    async def is_there() -> str:
        told = await life.home.client.command("backup/info")
        return (
            told["backups"][0]["backup_id"] if told["backups"] and told["state"] == "idle" else ""
        )

    backup = await until("The backup", BACKUP, is_there)
    await life.scene()
    await life.home.last_command("backup/restore", backup_id=backup, agent_id=AGENT)
    await life.home.start()
    life.restored()


HAPPENINGS = tuple(
    Happening(timedelta(days=day, hours=hour), name, deed)
    for day, hour, name, deed in (
        (0, 9, "somebody restarts Home Assistant", restart),
        (0, 15, "the attic's player is switched off", switch_attic_off),
        (0, 21, "and on again", switch_attic_on),
        (1, 8, "Home Assistant is killed while doors speak", kill_while_speaking),
        (1, 13, "the nursery's door is to be quiet", hush),
        (1, 16, "and may talk again", let_talk),
        (1, 19, "a backup is made and restored", back_up_and_restore),
        (2, 9, "the satellite is switched off", take_stairs_away),
        (2, 14, "and on again", bring_stairs_back),
        (2, 18, "one more door is to speak", add_door),
        (3, 8, "Home Assistant is killed while doors speak", kill_while_speaking),
        (3, 12, "a persona is changed", change_persona),
        (3, 17, "that door is removed", remove_door),
        (3, 20, "the options are changed", change_options_),
        (4, 7, "Home Assistant is killed", kill),
    )
)
assert all(happening.at < CALM for happening in HAPPENINGS)
