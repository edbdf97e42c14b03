"""Whatever happens, in any order: launched once, known before, ended in time, never forgotten.

Neither the timers inside the instance nor the refill's own `finally` are there to help.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
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

from custom_components.gppde.aws.errors import AwsError
from custom_components.gppde.aws.instance import Launch, Placement
from custom_components.gppde.aws.ladder import rungs
from custom_components.gppde.aws.ledger import Ledger, LedgerBrokenError
from custom_components.gppde.aws.life import Life
from custom_components.gppde.aws.reconcile import Reconciler
from tests.gppde.faulty_disk import Killed, disk, out_of_space

from .cloud_double import Action, CloudDouble, Ec2, FirewallDouble, Spell, Trouble
from .household import PLAN, TYPES
from .launching import HOME

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LADDER = rungs(
    [Placement(type_, "us-east-1a", "subnet-a") for type_ in TYPES], TYPES, spot_first=True
)
TROUBLES = st.lists(
    st.builds(
        Spell,
        st.sampled_from([*Action, Action.LAUNCH]),
        st.sampled_from([*Trouble, *[Trouble.LOST, Trouble.KILLED_AFTER] * 2]),
        quiet=st.integers(0, 3),
        times=st.sampled_from([1, 2, 3, 100]),
    ),
    max_size=2,
)
DISKS = st.sampled_from(
    [{}] * 6
    + [{"error": error, "after": after} for error in (Killed(), out_of_space()) for after in (3, 8)]
)
MISSING = st.sampled_from([timedelta(seconds=seconds) for seconds in (0, 20, 20, 60, 300, 900)])
"""For how long AWS does not show a new instance."""
TEN_MINUTES = timedelta(minutes=10)


class Lifecycle(RuleBasedStateMachine):
    """A house that lives through all of it. `lost` are attempts of a ledger that was destroyed,
    `surprises` are launches that the ledger did not know of.
    """

    ledger: Ledger
    life: Life
    reconciler: Reconciler

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.file = self.folder / "ledger"
        self.ec2 = Ec2(START)
        self.step = timedelta()
        self.was_stepped = False
        self.lost: set[str] = set()
        self.surprises: list[Launch] = []
        self.boot()

    def teardown(self) -> None:
        """Let a quiet time follow, with nothing but the look every ten minutes."""
        self.look_every_ten_minutes(5)
        assert self.ec2.running() == []
        self.an_attempt_is_forgotten_only_after_aws_said_that_its_instance_is_gone()
        self.look_every_ten_minutes(7)
        assert self.ledger.attempts == []
        self.runner.close()
        shutil.rmtree(self.folder)

    def boot(self) -> None:
        """Begin a process; what it knows is what lies on the disk."""
        self.is_dead = False
        self.runner = asyncio.Runner()
        self.runner.get_loop().set_exception_handler(lambda *_: None)
        self.cloud = CloudDouble(self.ec2, self.the_ledger_knows)
        self.ledger = Ledger(self.file, self.run_job)
        self.life = Life(
            self.cloud,
            self.ledger,
            FirewallDouble(self.cloud),
            self.run_job,
            self.clock,
            self.sleep,
        )
        self.reconciler = Reconciler(
            HOME,
            self.cloud,
            self.ledger,
            self.life,
            self.run_job,
            self.clock,
            self.sleep,
            self.monotonic,
        )
        try:
            self.do(self.ledger.load())
        except LedgerBrokenError:
            self.do(self.recover())

    async def recover(self) -> None:
        await self.reconciler.sweep()
        await self.ledger.start_anew()

    def clock(self) -> datetime:
        return self.ec2.now + self.step

    def monotonic(self) -> float:
        return (self.ec2.now - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.ec2.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)

    async def run_job[T](self, job: Callable[[], T], /) -> T:
        """Run a job; others have their turn before and after it. The dead do nothing."""
        await asyncio.sleep(0)
        self.unless_dead()
        try:
            answer = job()
        except Killed:
            self.is_dead = True
            raise
        await asyncio.sleep(0)
        return answer

    def unless_dead(self) -> None:
        if self.is_dead:
            raise Killed

    def do(
        self,
        coroutine: Coroutine[Any, Any, Any],
        troubles: list[Spell] | None = None,
        fault: dict[str, Any] | None = None,
    ) -> None:
        """Let the house do something, whatever befalls it; if that kills it, it begins anew."""
        self.cloud.spells = list(troubles or [])
        try:
            with disk(**fault or {}):
                self.runner.run(coroutine)
        except LedgerBrokenError:
            raise
        except AwsError, Killed:
            pass
        self.cloud.spells = []
        if self.is_dead:
            self.runner.close()
            self.boot()

    def the_ledger_knows(self, launch: Launch) -> None:
        """See that whatever AWS is asked for was on disk before."""
        stored = json.loads(self.file.read_bytes())["attempts"]
        known = [(one["id"], one["client_token"], one["state"]) for one in stored]
        if (launch.attempt, launch.client_token, "asked") not in known:
            self.surprises.append(launch)

    def may_launch(self) -> bool:
        return self.ledger.running is None

    def runs(self) -> bool:
        return self.ledger.running is not None

    @precondition(may_launch)
    @rule(troubles=TROUBLES, fault=DISKS, missing=MISSING)
    def launch(self, troubles: list[Spell], fault: dict[str, Any], missing: timedelta) -> None:
        self.ec2.hidden = missing
        self.do(self.life.launch(PLAN, LADDER), troubles, fault)

    @precondition(may_launch)
    @rule(troubles=TROUBLES, turns=st.integers(1, 40), cancels=st.booleans(), ends=st.booleans())
    def launch_and_stop(self, troubles: list[Spell], turns: int, cancels: bool, ends: bool) -> None:
        """A person thinks better of it while it is being launched."""

        async def stop() -> None:
            launching = asyncio.create_task(self.life.launch(PLAN, LADDER))
            for _ in range(turns):
                await asyncio.sleep(0)
            if cancels:
                launching.cancel()
            if ends and self.ledger.running:
                await self.life.end(self.ledger.running)
            await asyncio.wait({launching})

        self.do(stop(), troubles)

    @precondition(runs)
    @rule(troubles=TROUBLES)
    def wait_for_the_address(self, troubles: list[Spell]) -> None:
        assert self.ledger.running
        self.do(self.life.address(self.ledger.running), troubles)

    @precondition(runs)
    @rule(troubles=TROUBLES, fault=DISKS)
    def end(self, troubles: list[Spell], fault: dict[str, Any]) -> None:
        assert self.ledger.running
        self.do(self.life.end(self.ledger.running), troubles, fault)

    @rule(troubles=TROUBLES, fault=DISKS, resumes=st.sampled_from([True, True, False]))
    def restart(self, troubles: list[Spell], fault: dict[str, Any], resumes: bool) -> None:
        self.runner.close()
        self.boot()
        if resumes and self.ledger.running:
            self.do(self.life.resume(self.ledger.running), troubles, fault)

    @rule(troubles=TROUBLES, fault=DISKS)
    def look(self, troubles: list[Spell], fault: dict[str, Any]) -> None:
        self.look_once(troubles, fault)

    def look_once(
        self, troubles: list[Spell] | None = None, fault: dict[str, Any] | None = None
    ) -> None:
        """What runs and has time left is not touched, as long as nobody meddles with the clock."""
        running = self.ledger.running
        has_time = running and running.time_left(self.clock())
        before = len(self.ec2.terminated)
        self.do(self.reconciler.look(), troubles, fault)
        if running and has_time and not self.was_stepped:
            assert running.instance not in self.ec2.terminated[before:]

    @rule(seconds=st.sampled_from([1.0, 30.0, 61.0, 300.0, 600.0, 1300.0, 5000.0]))
    def time_passes(self, seconds: float) -> None:
        self.ec2.now += timedelta(seconds=seconds)

    @rule(minutes=st.sampled_from([-3000, -30, -2, 2, 30, 3000]))
    def the_clock_is_set(self, minutes: int) -> None:
        self.step += timedelta(minutes=minutes)
        self.was_stepped = True

    @precondition(lambda self: self.ec2.running())
    @rule(data=st.data())
    def aws_takes_an_instance_back(self, data: st.DataObject) -> None:
        machine = data.draw(st.sampled_from(self.ec2.running()), label="instance")
        machine.ended = self.ec2.now

    @precondition(lambda self: self.file.exists())
    @rule(is_destroyed=st.sampled_from([False, False, True]))
    def the_disk_fails(self, is_destroyed: bool) -> None:
        if not is_destroyed:
            return
        self.lost |= {attempt.id for attempt in self.ledger.attempts}
        self.lost |= {one["id"] for one in json.loads(self.file.read_bytes())["attempts"]}
        self.file.write_bytes(self.file.read_bytes()[:-1])
        self.runner.close()
        self.boot()

    def look_every_ten_minutes(self, times: int) -> None:
        for _ in range(times):
            self.look_once()
            self.ec2.now += TEN_MINUTES

    @invariant()
    def the_ledger_knew_of_every_instance_before_aws_was_asked(self) -> None:
        assert self.surprises == []

    @invariant()
    def each_attempt_has_one_instance_at_most(self) -> None:
        attempts = [machine.told.attempt for machine in self.ec2.machines.values()]
        assert len(attempts) == len(set(attempts))

    @invariant()
    def an_attempt_is_forgotten_only_after_aws_said_that_its_instance_is_gone(self) -> None:
        stored = json.loads(self.file.read_bytes())["attempts"] if self.file.exists() else []
        on_disk = {one["id"] for one in stored}
        in_memory = {one.id for one in self.ledger.attempts}
        for machine in self.ec2.machines.values():
            if machine.told.attempt not in on_disk & in_memory | self.lost:
                assert self.was_said_gone(machine.told.id)

    def was_said_gone(self, id_: str) -> bool:
        """AWS said so, or had forgotten it long ago."""
        ended = self.ec2.machines[id_].ended
        has_forgotten = ended is not None and self.ec2.now > ended + timedelta(hours=1)
        return id_ in self.ec2.said_gone or has_forgotten

    @invariant()
    def nothing_is_billed_twice_or_while_it_runs(self) -> None:
        billed = [bill.instance for bill in self.ledger.bills]
        assert len(billed) == len(set(billed))
        assert not {machine.told.id for machine in self.ec2.running()} & set(billed)


def test_no_instance_is_launched_twice_or_forgotten_or_outlives_its_deadline() -> None:
    run_state_machine_as_test(
        Lifecycle, settings=settings(max_examples=100, stateful_step_count=40, deadline=None)
    )
