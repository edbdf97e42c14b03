"""Home Assistant's automation editor, as a person uses it: by clicks."""

from typing import Final

from playwright.async_api import Locator, Page

from .mouse import Mouse
from .waiting import until

EDITOR: Final = "/config/automation/edit/new"
DRAWING: Final = 300
"""Milliseconds in which a form draws itself."""


async def write(page: Page, mouse: Mouse, url: str, name: str, message: str) -> None:
    """Have a notification come whenever the front door has said something."""
    await page.goto(f"{url}{EDITOR}")
    await _add_trigger(page, mouse)
    await _add_notification(page, mouse, message)
    await mouse.click(page.get_by_role("button", name="Save"))
    dialog = page.locator("ha-dialog-automation-save")
    await dialog.get_by_role("textbox", name="Name").fill(name)
    await mouse.click(dialog.get_by_role("button", name="Save"))
    # Until then a dialog that closes would lead back from wherever we go next.
    await page.wait_for_url(lambda url: not url.endswith(EDITOR))
    await page.get_by_text(name, exact=True).first.wait_for()


async def see(page: Page, mouse: Mouse, message: str) -> None:
    """Find the notification among those that the sidebar leads to."""
    await mouse.click(page.get_by_text("Notifications", exact=True).first)
    await page.locator("notification-drawer").get_by_text(message).first.wait_for()


async def _add_trigger(page: Page, mouse: Mouse) -> None:
    await mouse.click(page.get_by_role("button", name="Add trigger"))
    dialog = page.locator("add-automation-element-dialog")
    await mouse.click(dialog.get_by_role("treeitem", name="Devices"))
    await mouse.click(dialog.get_by_role("treeitem", name="Front door"))
    await mouse.click(dialog.get_by_text("Door said something"))


async def _add_notification(page: Page, mouse: Mouse, message: str) -> None:
    await mouse.click(page.get_by_role("button", name="Add action"))
    dialog = page.locator("add-automation-element-dialog")
    await dialog.get_by_role("textbox").first.fill("persistent notification")
    await mouse.click(dialog.get_by_text("Create persistent notification"))
    await _type(page.locator("ha-automation-sidebar").get_by_role("textbox").first, message)


async def _type(field: Locator, text: str) -> None:
    """Type until it stays: a form that is still being drawn forgets it."""

    async def stays() -> bool:
        await field.fill(text)
        await field.page.wait_for_timeout(DRAWING)
        return await field.input_value() == text

    await until("The typed text", 10, stays)
