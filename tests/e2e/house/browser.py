"""A real browser in which the owner is logged in."""

import json
import shutil
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, async_playwright

from .errors import NotSeenError
from .login import Login

CHROMIUM: Final = shutil.which("chromium") or "chromium"
# Alone on loopback: no sandbox for root, no graphics card, nothing fetched from the internet.
OPTIONS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--mute-audio",
]
WAIT: Final = 30_000


@asynccontextmanager
async def run(login: Login, folder: Path) -> AsyncGenerator[Page]:
    """Open a browser, logged in; raises NotSeenError, and leaves a picture of it in `folder`."""
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS) as chromium,
        await chromium.new_context(viewport={"width": 1360, "height": 860}) as context,
    ):
        await context.add_init_script(_remember(login))
        page = await context.new_page()
        page.set_default_timeout(WAIT)
        try:
            yield page
        except BrowserError as error:
            await page.screenshot(path=folder / "failure.png")
            raise NotSeenError(f"The browser shows something else: {error.message}") from error


def _remember(login: Login) -> str:
    tokens = {
        "hassUrl": login.url,
        "clientId": login.client_id,
        "access_token": login.access_token,
        "refresh_token": login.refresh_token,
        "token_type": "Bearer",
        "expires_in": login.seconds,
        "expires": int((time.time() + login.seconds) * 1000),
    }
    return f"localStorage.setItem('hassTokens', {json.dumps(json.dumps(tokens))})"
