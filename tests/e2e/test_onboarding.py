"""From *Add integration* to a speaking door, as a person does it: with a mouse, and six clicks.

On the older release, since a whole life on the newest one begins likewise.
"""

from pathlib import Path
from typing import Final

from .house import browser, home_assistant, logs, mpd, settings, sound
from .house.flows import add_integration, subentries
from .house.gppde import PLAYER
from .house.mouse import Mouse
from .house.places import OLDEST
from .house.ports import LOOPBACK

MOST_CLICKS: Final = 6


async def test_six_clicks_lead_to_a_door_that_speaks_and_a_repair_leads_back_to_it(
    tmp_path: Path, socket_enabled: None
) -> None:
    async with mpd.run(tmp_path) as player, home_assistant.run(tmp_path, 0, {}, OLDEST) as hass:
        await add_integration(hass.client, "mpd", {"host": LOOPBACK, "port": player.port})
        async with browser.run(hass.client.login, tmp_path) as page:
            mouse = Mouse(page, tmp_path)
            await settings.onboard(page, mouse, hass.url)
            assert mouse.clicks <= MOST_CLICKS
            [entry] = await hass.client.command("config_entries/get", domain="gppde")
            assert len(await subentries(hass.client, entry["entry_id"], "door")) == 1
            await player.silence(30)
            assert len(await sound.audible(player.heard())) == 1

            await hass.client.command("config/entity_registry/remove", entity_id=PLAYER)
            await settings.mend(page, mouse, hass.url)
        assert not logs.complaints(hass.log)
