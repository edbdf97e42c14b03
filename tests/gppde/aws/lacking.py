"""What AWS does, and moto does not."""

import hashlib
import json
import re
from http import HTTPStatus

from .call import Answer, Ask, Call

SPOT_QUOTA = "L-3819A6DF"
ON_DEMAND_QUOTA = "L-DB2E81BA"
PUBLIC_IMAGE = (
    "/aws/service/deeplearning/ami/x86_64/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id"
)
IMAGE = "ami-9b32e8e2"
"""One of those that moto knows: Ubuntu, 15 GiB on /dev/sda1."""
INSTANCE = re.compile(rb"<instanceId>(?P<id>[^<]+)")
DESCRIBE = b"Version=2016-11-15&Action=DescribeInstances&InstanceId.1="
ENDED = (
    '<TerminateInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instancesSet>'
    "<item><instanceId>{instance}</instanceId><currentState><code>48</code><name>terminated</name>"
    "</currentState><previousState><code>48</code><name>terminated</name></previousState></item>"
    "</instancesSet></TerminateInstancesResponse>"
)


class Lacking:
    """Quotas of EC2, the public parameters of images, client tokens that count, and instances
    that may be terminated twice.

    `quotas` are the account's vCPUs by the quota's code, `defaults` those that AWS would give.
    """

    def __init__(self) -> None:
        self.quotas = {SPOT_QUOTA: 8.0, ON_DEMAND_QUOTA: 8.0}
        self.defaults: dict[str, float] = {}
        self.parameters = {PUBLIC_IMAGE: IMAGE}
        self._launches: dict[str, tuple[str, Answer]] = {}

    async def answer(self, call: Call, body: bytes, ask: Ask) -> Answer:
        """Answer a call, by moto where moto can."""
        match call.action:
            case "GetServiceQuota":
                return _quota(call, self.quotas)
            case "GetAWSDefaultServiceQuota":
                return _quota(call, self.defaults)
            case "GetParameter":
                return self._parameter(call)
            case "RunInstances" if "DryRun" not in call.parameters:
                return await self._launch(call, body, ask)
            case "TerminateInstances":
                return _ended(call, await ask(body))
            case _:
                return await ask(body)

    async def _launch(self, call: Call, body: bytes, ask: Ask) -> Answer:
        """Let each client token launch once: the same call again gets the same answer, for as long
        as the instance is there.
        """
        token = call.parameters["ClientToken"]
        wish = hashlib.sha256(json.dumps(call.parameters, sort_keys=True).encode()).hexdigest()
        if token not in self._launches:
            answer = await ask(body)
            if answer.status == HTTPStatus.OK:
                self._launches[token] = wish, answer
            return answer
        first, answer = self._launches[token]
        if first != wish:
            return call.refused("IdempotentParameterMismatch")
        if await _is_terminated(answer, ask):
            return call.refused("IdempotentInstanceTerminated")
        return answer

    def _parameter(self, call: Call) -> Answer:
        name = call.parameters["Name"]
        if name not in self.parameters:
            return call.refused("ParameterNotFound")
        return call.told(Parameter={"Name": name, "Value": self.parameters[name]})


async def _is_terminated(launch: Answer, ask: Ask) -> bool:
    found = INSTANCE.search(launch.body)
    assert found
    told = await ask(DESCRIBE + found["id"])
    return b"<name>terminated</name>" in told.body


def _ended(call: Call, answer: Answer) -> Answer:
    """Let an instance be terminated again; moto misses the network interface then."""
    if b"InvalidNetworkInterfaceID.NotFound" not in answer.body:
        return answer
    body = ENDED.format(instance=call.parameters["InstanceId.1"])
    return Answer(HTTPStatus.OK, body.encode())


def _quota(call: Call, quotas: dict[str, float]) -> Answer:
    code = call.parameters["QuotaCode"]
    if code not in quotas:
        return call.refused("NoSuchResourceException")
    return call.told(Quota={"QuotaCode": code, "Value": quotas[code]})
