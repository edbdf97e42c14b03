"""What AWS's refusals mean to a person who fills in an account's form."""

from typing import NamedTuple

from homeassistant.const import CONF_REGION

from ..aws.errors import AwsError, CredentialsError, ForbiddenError, UnansweredError
from ..ec2.settings import CONF_ACCESS_KEY, CONF_ROLE, CONF_SECRET_KEY
from .aws_account import REGIONS, Account

WRONG_SECRET = {"InvalidSignatureException", "SignatureDoesNotMatch"}
EXPIRED = {"ExpiredToken", "ExpiredTokenException"}
DENIED = {"AccessDenied", "AccessDeniedException"}


class Explained(NamedTuple):
    """The field that an error belongs to, or "base"; the key of its text, and what fills that."""

    place: str
    key: str
    placeholders: dict[str, str]


def explain(error: AwsError, cause: str, account: Account) -> Explained:
    """Return what a person is told, at the field that is to be changed.

    `cause` is the error in the person's language.
    """
    region = account[CONF_REGION]
    told = {"error": cause, "region": region}
    match error:
        case CredentialsError():
            return Explained(*_keys_or_role(error), told)
        case ForbiddenError():
            return Explained("base", "aws_forbids", {"action": error.action})
        case UnansweredError() if region not in REGIONS:
            return Explained(CONF_REGION, "region_unanswered", told)
        case UnansweredError():
            return Explained("base", "aws_unanswered", told)
        case _:
            return Explained("base", "aws_refuses", told)


def _keys_or_role(error: CredentialsError) -> tuple[str, str]:
    if error.code in DENIED:
        return CONF_ROLE, "role_refused"
    if error.code in EXPIRED:
        return CONF_ACCESS_KEY, "keys_expired"
    if error.code in WRONG_SECRET:
        return CONF_SECRET_KEY, "secret_refused"
    return CONF_ACCESS_KEY, "keys_refused" if error.code else "no_keys"
