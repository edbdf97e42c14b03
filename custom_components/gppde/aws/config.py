"""Where the instances are, and who we are there."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudConfig:
    """A region, such as "us-east-1", and the keys for it.

    Without keys the host's own credential chain is asked. `role` is the ARN of a role to assume.
    """

    region: str
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    role: str | None = None
