"""What does a refill remember over a crash?"""

import errno
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.util import dt as dt_util

from custom_components.gppde.errors import StockFullError, StockUnwritableError
from custom_components.gppde.refills.journal import Failure, Journal, Unfinished

TICKET = {"batch": "b-1", "collected": 3}


def an_order() -> Unfinished:
    """A fresh one for each journal, which goes on writing in it."""
    return Unfinished("persona-1", 7)


def journal_file(hass: HomeAssistant) -> Path:
    return Path(hass.config.path(".storage", "gppde.refill"))


async def after_a_crash(hass: HomeAssistant) -> Journal:
    journal = Journal(hass)
    await journal.load()
    return journal


async def test_a_first_journal_is_empty(hass: HomeAssistant) -> None:
    journal = await after_a_crash(hass)
    assert journal.order is None
    assert journal.failure is None
    assert journal.breaker.may_try


async def test_the_order_and_its_ticket_outlive_a_crash(hass: HomeAssistant) -> None:
    journal = Journal(hass)
    await journal.begin(an_order())
    assert (await after_a_crash(hass)).order == an_order()
    await journal.keep(TICKET)
    assert (await after_a_crash(hass)).order == Unfinished("persona-1", 7, TICKET)


async def test_it_is_written_even_while_home_assistant_stops(hass: HomeAssistant) -> None:
    hass.set_state(CoreState.stopping)
    await Journal(hass).begin(an_order())
    assert (await after_a_crash(hass)).order == an_order()


async def test_failures_and_the_pause_outlive_a_crash(hass: HomeAssistant) -> None:
    journal = Journal(hass)
    for _ in range(3):
        journal.breaker.fail()
    journal.failure = Failure("Hinge", "The server is on fire.")
    await journal.save()
    again = await after_a_crash(hass)
    assert again.breaker.is_open
    assert again.breaker.retry_at
    assert again.breaker.retry_at == journal.breaker.retry_at
    assert again.breaker.retry_at - dt_util.utcnow() <= timedelta(days=1)
    assert again.failure == journal.failure


async def test_what_is_left_is_told_only_to_the_persona_that_ordered(hass: HomeAssistant) -> None:
    journal = Journal(hass)
    await journal.begin(an_order())
    assert journal.left_for("persona-1") == an_order()
    assert journal.left_for("persona-2") is None


async def test_an_order_that_was_delivered_in_full_before_the_crash_is_not_carried_on(
    hass: HomeAssistant,
) -> None:
    await Journal(hass).begin(Unfinished("persona-1", 0, TICKET))
    assert (await after_a_crash(hass)).order is None


async def test_a_ticket_without_an_order_is_not_kept(hass: HomeAssistant) -> None:
    await Journal(hass).keep(TICKET)
    assert not journal_file(hass).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff",
        b"[]",
        b'{"order": 1}',
        json.dumps(
            {
                "order": {"persona": "p", "count": -1, "ticket": None},
                "breaker": {"failures": 0, "retry_at": None},
                "failure": None,
            }
        ).encode(),
        json.dumps(
            {
                "order": None,
                "breaker": {"failures": 3, "retry_at": "2026-11-21T12:00:00"},
                "failure": None,
            }
        ).encode(),
    ],
)
async def test_a_broken_journal_counts_as_empty_and_is_told(
    hass: HomeAssistant, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    journal_file(hass).parent.mkdir()
    journal_file(hass).write_bytes(content)
    journal = await after_a_crash(hass)
    assert journal.order is None
    assert journal.breaker.may_try
    assert "is ignored, for it is broken" in caplog.text
    await journal.begin(an_order())
    assert (await after_a_crash(hass)).order == an_order()


async def test_a_journal_that_cannot_be_written_says_so(hass: HomeAssistant) -> None:
    journal_file(hass).parent.write_text("a file where the folder belongs")
    with pytest.raises(StockUnwritableError, match="cannot be written"):
        await Journal(hass).begin(an_order())


async def test_a_full_disk_leaves_the_last_journal_whole(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(hass)
    await journal.begin(an_order())

    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full_disk:
        full_disk.setattr("atomicwrites._proper_fsync", fsync)
        with pytest.raises(StockFullError):
            await journal.keep(TICKET)
    assert (await after_a_crash(hass)).order == an_order()
