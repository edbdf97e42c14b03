"""What is launched at AWS boots here, and what powers itself off here is terminated there."""

import re
import sys
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, override

from botocore.exceptions import ClientError

from tests.boot.image import Image
from tests.boot.machine import LONGEST_LIFE, Machine
from tests.boot.tools import BootError, run
from tests.gppde.aws.call import Answer, Call, Forward
from tests.gppde.aws.faults import Fault

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client

INSTANCE = re.compile(rb"<instanceId>([^<]+)")


@dataclass(slots=True, kw_only=True)
class Machines(Fault):
    """Nothing goes wrong: each instance is a machine at the public address that AWS told.

    `ec2` is AWS itself; what machines tell of their lives goes to `folder`.
    """

    ec2: EC2Client
    image: Image
    folder: Path
    times: int = sys.maxsize
    _machines: dict[str, Machine] = field(default_factory=dict)
    _addresses: list[str] = field(default_factory=list)
    _watches: list[Thread] = field(default_factory=list)

    @property
    def launched(self) -> int:
        """How many there ever were."""
        return len(self._machines)

    @property
    def running(self) -> list[str]:
        """The ids of those that are on."""
        return [id_ for id_, machine in self._machines.items() if machine.is_running]

    def interrupt(self) -> None:
        """Let AWS take back what runs."""
        for machine in self._machines.values():
            machine.kill()

    @override
    def befalls(self, call: Call) -> bool:
        return call.action in {"RunInstances", "TerminateInstances"}

    @override
    async def meet(self, call: Call, forward: Forward) -> Answer | None:
        answer = await forward()
        found = INSTANCE.search(answer.body)
        if found and answer.status == HTTPStatus.OK:
            id_ = found[1].decode()
            if call.action == "TerminateInstances":
                self._machines[id_].kill()
            elif id_ not in self._machines:  # else it is the same launch, asked for again
                self._boot(id_, b64decode(call.parameters["UserData"]).decode())
        return answer

    def close(self) -> None:
        """Pull all plugs."""
        for machine in self._machines.values():
            machine.kill()
        for watch in self._watches:
            watch.join()
        for address in self._addresses:
            run("ip", "route", "del", *_nowhere(address))

    def _boot(self, id_: str, user_data: str) -> None:
        [reservation] = self.ec2.describe_instances(InstanceIds=[id_])["Reservations"]
        address = reservation["Instances"][0]["PublicIpAddress"]
        run("ip", "route", "add", *_nowhere(address))
        self._addresses.append(address)
        machine = Machine.boot(user_data, self.image, self.folder / id_, address)
        self._machines[id_] = machine
        self._watches.append(watch := Thread(target=self._watch, args=(id_, machine)))
        watch.start()

    def _watch(self, id_: str, machine: Machine) -> None:
        """Do what the shutdown behaviour says."""
        with suppress(BootError):  # it was killed
            machine.wait_off(LONGEST_LIFE)
        (self.folder / f"{id_}.log").write_text(machine.log)
        with suppress(ClientError):  # it was terminated already
            self.ec2.terminate_instances(InstanceIds=[id_])


def _nowhere(address: str) -> tuple[str, ...]:
    """A route for when the machine is off: the address may be somebody's on the internet."""
    return ("unreachable", address, "metric", "4096")
