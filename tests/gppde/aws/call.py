"""A call on its way to AWS, and an answer as AWS would give it."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

SCOPE = re.compile(r"Credential=[^/]*/\d+/(?P<region>[^/]+)/(?P<service>[^/]+)/")
XML = "text/xml"
JSON = "application/x-amz-json-1.1"
ERRORS = {
    "ec2": (
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error>"
        "</Errors><RequestID>a-request</RequestID></Response>"
    ),
    "sts": (
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
        "<Message>{message}</Message></Error><RequestId>a-request</RequestId></ErrorResponse>"
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the client."""

    status: int
    body: bytes
    content_type: str = XML


type Forward = Callable[[], Awaitable[Answer]]
type Ask = Callable[[bytes], Awaitable[Answer]]
"""Sends a body to moto in the name of the caller."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `action` is such as "RunInstances", `parameters` are as they go over the wire,
    such as {"Placement.AvailabilityZone": "us-east-1a"}.
    """

    action: str
    service: str
    region: str
    parameters: Mapping[str, Any]

    @classmethod
    def parse(cls, headers: Mapping[str, str], body: bytes) -> Call:
        scope = SCOPE.search(headers.get("Authorization", ""))
        service, region = (scope["service"], scope["region"]) if scope else ("", "")
        if target := headers.get("X-Amz-Target"):
            return cls(target.rpartition(".")[2], service, region, json.loads(body))
        parameters = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return cls(parameters.get("Action", ""), service, region, parameters)

    def told(self, **content: Any) -> Answer:
        """Return an answer of a service that speaks JSON."""
        return Answer(HTTPStatus.OK, json.dumps(content).encode(), JSON)

    def refused(self, code: str, status: int = 400, message: str = "No.") -> Answer:
        """Return an error in the words of the service that is called."""
        if template := ERRORS.get(self.service):
            return Answer(status, template.format(code=code, message=message).encode())
        content = {"__type": code, "message": message}
        return Answer(status, json.dumps(content).encode(), JSON)
