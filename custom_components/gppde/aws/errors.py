"""What can go wrong between us and AWS; the messages hold no secret and say what to do."""

from ..errors import GppdeError
from ..words import Gap


class AwsError(GppdeError):
    """Root of what AWS, or the way to it, can do to us; `code` is AWS's own word, or empty."""

    def __init__(self, template: str, /, code: str = "", **gaps: Gap) -> None:
        super().__init__(template, code=code, **gaps)
        self.code = code


class CredentialsError(AwsError):
    """The keys are missing, wrong or expired, or the role may not be assumed."""


class ForbiddenError(AwsError):
    """The keys are good, and their policy lacks `action`, such as "ec2:RunInstances"."""

    def __init__(self, template: str, /, code: str = "", action: str = "", **gaps: Gap) -> None:
        super().__init__(template, code, action=action, **gaps)
        self.action = action


class CapacityError(AwsError):
    """AWS has none of that type there now, or never had: another type or zone may do."""


class SpotQuotaError(AwsError):
    """The account's quota for spot instances is used up: on demand may do."""


class QuotaError(AwsError):
    """The account's quota for instances is used up: only AWS can raise it."""


class TokenSpentError(AwsError):
    """The client token was used for another launch before."""


class UnknownInstanceError(AwsError):
    """AWS does not know the instance: it is gone, or too new."""


class UnansweredError(AwsError):
    """No answer came, or a fault of AWS's own: the call may have been carried out."""


class ThrottledError(AwsError):
    """AWS asks us to be slower, also after all repetitions."""


class RefusedError(AwsError):
    """AWS refuses for another reason, in its own words."""
