"""What can become of an instance other than what was meant."""

from ..words import Words
from .errors import AwsError
from .instance import Instance


class InstanceLostError(AwsError):
    """The instance ended before we were done with it, such as by a spot interruption."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(
            "AWS ended the instance {instance}: {reason}.",
            instance=instance.id,
            reason=instance.reason or Words("it does not say why"),
        )
        self.instance = instance


class AddressError(AwsError):
    """The instance got no public address in time."""


class TooDearError(AwsError):
    """Everything on the ladder costs more than a person wants to pay."""


class StoppedError(AwsError):
    """Somebody ended the attempt while it was being launched."""


class UnconfirmedError(AwsError):
    """`name`, an instance or an attempt at one, may be running; AWS has not said that it is gone.

    `is_unknown` tells that AWS did answer, and knows no such instance.
    """

    def __init__(self, name: Words, cause: AwsError | None, *, is_unknown: bool) -> None:
        super().__init__(
            "AWS has not confirmed that {name} is gone{why}. It is asked until it does. To be"
            " sure, look for it in AWS's console, and terminate it there.",
            name=name,
            why=Words(" ({cause})", cause=cause.words) if cause else "",
        )
        self.name = name
        self.is_unknown = is_unknown
