"""A call to AWS, and what its parameters mean to IAM."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from .call import Call
from .iam import Context, Question

ACCOUNT = "123456789012"


@dataclass(frozen=True, slots=True)
class Request:
    """A call, and what its parameters mean."""

    service: str
    action: str
    region: str
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, call: Call) -> Self:
        parameters = {name: str(value) for name, value in call.parameters.items()}
        return cls(call.service, call.action, call.region, parameters)

    def changed(self, parameters: Mapping[str, str]) -> Self:
        """Return the request with other parameters."""
        return replace(self, parameters={**self.parameters, **parameters})

    def untagged(self, key: str) -> Self:
        """Return the request without the tags of this key."""
        gone = {name.removesuffix("Key") for name, value in self.parameters.items() if value == key}
        assert gone, f"nothing is tagged {key}"
        kept = {
            name: value
            for name, value in self.parameters.items()
            if not any(name.startswith(prefix) for prefix in gone)
        }
        return replace(self, parameters=kept)

    def get(self, name: str, otherwise: str = "") -> str:
        return self.parameters.get(name, otherwise)

    def numbered(self, name: str) -> list[str]:
        """Return the prefixes of a list's members: ["BlockDeviceMapping.1"]."""
        depth = name.count(".") + 2
        prefixes = (".".join(each.split(".")[:depth]) for each in self.parameters)
        return sorted({each for each in prefixes if each.startswith(f"{name}.")})

    def values(self, name: str) -> list[str]:
        return [self.get(prefix) for prefix in self.numbered(name)]

    def tags(self, kind: str) -> dict[str, str]:
        """Return the tags that the call puts on what it makes of a kind, such as "volume"."""
        return {
            self.get(f"{tag}.Key"): self.get(f"{tag}.Value")
            for spec in self.numbered("TagSpecification")
            if self.get(f"{spec}.ResourceType") == kind
            for tag in self.numbered(f"{spec}.Tag")
        }

    def arn(self, kind: str, name: str = "*") -> str:
        owner = "" if kind in {"image", "snapshot"} else ACCOUNT
        return f"arn:aws:ec2:{self.region}:{owner}:{kind}/{name}"

    def asks(self, kind: str, name: str = "*", /, **context: str | list[str]) -> Question:
        """Ask for one resource of EC2; the keys of `context` are EC2's own."""
        keys = {f"ec2:{key}": value for key, value in context.items()}
        return Question(f"{self.service}:{self.action}", self.arn(kind, name), self.about(keys))

    def about(self, context: Context) -> Context:
        return {
            **context,
            "aws:PrincipalAccount": ACCOUNT,
            "aws:RequestedRegion": self.region,
            "ec2:Region": self.region,
        }
