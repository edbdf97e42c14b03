"""What time it is at AWS, told by the header of an answer."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from .clients import Clients


def aws_time(clients: Clients) -> datetime:
    """Return AWS's time in UTC, to the second. Blocks; raises AwsError's children only."""
    with clients.sts() as sts:
        answer = sts.get_caller_identity()
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)
