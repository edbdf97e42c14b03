"""A stock that lives through all that a household, a disk and a crash may do, in any order."""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from custom_components.gppde.errors import StockError
from custom_components.gppde.quips.quip import Quip
from custom_components.gppde.quips.stock import Stock

from ..faulty_disk import Killed, disk, out_of_space, read_only
from ..helpers import make_quip
from .stocks import MP3, at_once, files_in, numbered


class Household(RuleBasedStateMachine):
    """Nothing is lost, nothing is said twice while a fresh one waits, whatever happens.

    `made` are all quips, `heard` the stale ones, `held` the drawn ones; `unsure` are those that the
    disk did not let into stale/, so that a crash may make them fresh again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.made: dict[str, Quip] = {}
        self.heard: list[str] = []
        self.held: list[Quip] = []
        self.unsure: set[str] = set()
        self.boot()

    def teardown(self) -> None:
        self.runner.close()
        shutil.rmtree(self.folder)

    def do(self, coroutine: Any, **fault: Any) -> Any:
        with disk(**fault):
            return self.runner.run(coroutine)

    def boot(self) -> None:
        self.stock = Stock(self.folder, at_once)
        self.do(self.stock.load())
        self.held = []

    def crash(self) -> None:
        """Start anew; only what was in the making or moving may have come out either way."""
        self.boot()
        for uuid in self.unsure & set(self.heard):
            if self.stock.is_fresh(uuid):
                self.heard.remove(uuid)
        self.unsure = set()
        # Equal times tell no order; the quips are told apart by when they were made.
        for uuid in self.made:
            if uuid in self.heard:
                self.hear(uuid)
                self.do(self.stock.mark_stale(uuid))

    def hear(self, uuid: str) -> None:
        self.held = [quip for quip in self.held if quip.uuid != uuid]
        self.heard = [*(known for known in self.heard if known != uuid), uuid]

    def any_of(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(list(self.made)))

    @rule()
    def add(self) -> None:
        quip = numbered(len(self.made))
        assert self.do(self.stock.add(quip, MP3))
        self.made[quip.uuid] = quip

    @rule(call=st.integers(0, 6), error=st.sampled_from([Killed(), out_of_space(), read_only()]))
    def add_in_vain(self, call: int, error: BaseException) -> None:
        quip = numbered(len(self.made))
        try:
            self.do(self.stock.add(quip, MP3), error=error, after=call)
        except Killed:
            self.crash()
        except StockError:
            self.do(self.stock.rescan())
        if self.stock.get(quip.uuid):
            self.made[quip.uuid] = quip

    @rule(repeat=st.booleans())
    def draw(self, repeat: bool) -> None:
        quip = self.stock.draw(repeat=repeat)
        held = {quip.uuid for quip in self.held}
        fresh = self.made.keys() - held - set(self.heard)
        stale = [uuid for uuid in self.heard if uuid not in held]
        if fresh:
            assert quip
            assert quip.uuid in fresh
        elif repeat and stale:
            assert quip
            assert quip.uuid == stale[0]
        else:
            assert quip is None
        if quip:
            self.held.append(quip)

    @precondition(lambda self: self.held)
    @rule()
    def give_back(self) -> None:
        quip = self.held.pop()
        self.stock.give_back(quip)
        if quip.uuid in self.heard:
            self.heard.remove(quip.uuid)
            self.heard.insert(0, quip.uuid)
        else:
            assert self.stock.fresh()[0] == quip

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def mark_stale(self, data: st.DataObject) -> None:
        uuid = self.any_of(data)
        self.do(self.stock.mark_stale(uuid))
        self.hear(uuid)
        self.unsure.discard(uuid)

    @precondition(lambda self: self.made)
    @rule(data=st.data(), call=st.integers(0, 6), error=st.sampled_from([Killed(), read_only()]))
    def mark_stale_in_vain(self, data: st.DataObject, call: int, error: BaseException) -> None:
        uuid = self.any_of(data)
        was_heard = uuid in self.heard and uuid not in self.unsure
        try:
            self.do(self.stock.mark_stale(uuid), error=error, after=call)
        except StockError, Killed:
            if not was_heard:
                self.unsure.add(uuid)
        self.hear(uuid)
        if isinstance(error, Killed):
            self.crash()

    @precondition(lambda self: self.made)
    @rule(data=st.data(), is_killed=st.booleans())
    def mark_stale_during_a_backup(self, data: st.DataObject, is_killed: bool) -> None:
        uuid = self.any_of(data)
        listed = files_in(self.folder)
        self.do(self.stock.hold())
        self.do(self.stock.mark_stale(uuid))
        self.do(self.stock.rescan())
        assert set(listed) <= set(files_in(self.folder))
        self.hear(uuid)
        self.unsure.discard(uuid)
        if is_killed:
            self.crash()
        else:
            self.stock.release()
            self.rescan()

    @property
    def recyclable(self) -> list[str]:
        """What was heard, and is not being said once more."""
        held = {quip.uuid for quip in self.held}
        return [uuid for uuid in self.heard if uuid not in held]

    @rule()
    def recycle(self) -> None:
        uuids = self.recyclable
        assert self.do(self.stock.recycle()) == len(uuids)
        self.heard = [uuid for uuid in self.heard if uuid not in uuids]
        self.unsure.difference_update(uuids)

    @rule(call=st.integers(0, 9), error=st.sampled_from([Killed(), read_only()]))
    def recycle_in_vain(self, call: int, error: BaseException) -> None:
        uuids = self.recyclable
        try:
            self.do(self.stock.recycle(), error=error, after=call)
        except Killed:
            self.unsure.update(uuids)
            self.crash()
        except StockError:
            pass
        for uuid in uuids:
            if uuid in self.heard and self.stock.is_fresh(uuid):
                self.heard.remove(uuid)
                self.unsure.discard(uuid)

    @precondition(lambda self: self.made)
    @rule(data=st.data())
    def draw_named(self, data: st.DataObject) -> None:
        quip = self.made[self.any_of(data)]
        assert self.stock.draw_named(quip.uuid) == quip
        if quip not in self.held:
            self.held.append(quip)

    @rule()
    def restart(self) -> None:
        self.crash()

    @rule()
    def rescan(self) -> None:
        self.do(self.stock.rescan())
        self.unsure = set()

    @rule(place=st.sampled_from(["fresh", "stale"]), title=st.sampled_from(["Knock.mp3", "B.MP3"]))
    def drop_an_mp3(self, place: str, title: str) -> None:
        (self.folder / place / title).write_bytes(MP3)
        report = self.do(self.stock.rescan())
        assert report.adopted == [title]
        known = self.stock.fresh() if place == "fresh" else self.stock.stale()
        (new,) = [quip for quip in known if quip.uuid not in self.made]
        assert new.text == title[:-4]
        self.made[new.uuid] = new
        if place == "stale":
            self.heard.append(new.uuid)
        self.unsure = set()

    @precondition(lambda self: self.heard and not self.unsure)
    @rule(data=st.data(), whole=st.booleans())
    def move_back_by_hand(self, data: st.DataObject, whole: bool) -> None:
        uuid = data.draw(st.sampled_from(self.heard))
        for suffix in (".mp3", ".json") if whole else (".mp3",):
            (self.folder / "stale" / (uuid + suffix)).rename(
                self.folder / "fresh" / (uuid + suffix)
            )
        self.do(self.stock.rescan())
        self.heard.remove(uuid)
        self.held = [quip for quip in self.held if quip.uuid != uuid]
        assert self.stock.is_fresh(uuid)

    @rule(name=st.sampled_from([".x.json.part", f"{make_quip().uuid}.json", "notes.txt"]))
    def leave_rubbish(self, name: str) -> None:
        (self.folder / "fresh" / name).write_bytes(b"{")

    @invariant()
    def nothing_is_lost(self) -> None:
        there = [*self.stock.fresh(), *self.stock.stale(), *self.held]
        assert sorted(quip.uuid for quip in there) == sorted(self.made)
        assert len(self.stock.texts()) == len(self.made)

    @invariant()
    def every_mp3_lies_where_it_belongs(self) -> None:
        for uuid in self.made.keys() - self.unsure:
            assert self.stock.get(uuid) == self.made[uuid]
            assert self.stock.is_fresh(uuid) == (uuid not in self.heard)
            place = "stale" if uuid in self.heard else "fresh"
            assert self.stock.path(uuid) == self.folder / place / f"{uuid}.mp3"
            assert (self.folder / place / f"{uuid}.mp3").read_bytes() == MP3


def test_nothing_is_lost_or_said_twice_whatever_happens() -> None:
    run_state_machine_as_test(
        Household, settings=settings(max_examples=60, stateful_step_count=30, deadline=None)
    )
