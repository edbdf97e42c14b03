"""The dialog in which a person talks to Home Assistant."""

import re

from playwright.async_api import Page

from .mouse import Mouse


async def ask(page: Page, mouse: Mouse, text: str, answer: re.Pattern[str]) -> None:
    """Open the dialog on a dashboard, ask, and wait for an answer like this."""
    await mouse.click(page.get_by_role("button", name="Assist (A)"))
    chat = page.locator("ha-assist-chat")
    await chat.get_by_role("textbox", name="Enter a request").fill(text)
    await mouse.click(chat.get_by_role("button", name="Send text"))
    await chat.locator(".message.hass").filter(has_text=answer).wait_for()
    await page.keyboard.press("Escape")
    await chat.wait_for(state="detached")
