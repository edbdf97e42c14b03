"""What can become of an instance other than what was meant."""

from .errors import AwsError
from .instance import Instance


class InstanceLostError(AwsError):
    """The instance ended before we were done with it, such as by a spot interruption."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(
            f"AWS ended the instance {instance.id}: {instance.reason or 'it does not say why'}."
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

    def __init__(self, name: str, cause: AwsError | None, *, is_unknown: bool) -> None:
        why = f" ({cause})" if cause else ""
        super().__init__(
            f"AWS has not confirmed that {name} is gone{why}. It is asked until it does. To be"
            " sure, look for it in AWS's console, and terminate it there."
        )
        self.name = name
        self.is_unknown = is_unknown
