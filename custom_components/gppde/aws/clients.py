"""Lends the clients of AWS's services, and turns their errors into ours."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from .config import CloudConfig
from .hush import hushed

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_service_quotas import ServiceQuotasClient
    from types_boto3_ssm import SSMClient
    from types_boto3_sts import STSClient

    from .services import Services


class Clients:
    """Cheap to make: boto3 is imported with the first call. May be used by several threads.

    What is done with a client inside its context raises AwsError's children only.
    """

    def __init__(self, config: CloudConfig) -> None:
        self._config = config
        self._services: Services | None = None
        self._lock = Lock()

    def ec2(self) -> AbstractContextManager[EC2Client]:
        return self._lend(lambda services: services.ec2)

    def quotas(self) -> AbstractContextManager[ServiceQuotasClient]:
        return self._lend(lambda services: services.quotas)

    def ssm(self) -> AbstractContextManager[SSMClient]:
        return self._lend(lambda services: services.ssm)

    def sts(self) -> AbstractContextManager[STSClient]:
        return self._lend(lambda services: services.sts)

    @contextmanager
    def _lend[Client](self, pick: Callable[[Services], Client]) -> Iterator[Client]:
        # boto3 takes a second to import on a small machine, and reads files.
        from .calls import aws_errors  # noqa: PLC0415

        with aws_errors(self._config.region):
            with self._lock:
                client = pick(self._made())
            with hushed():
                yield client

    def _made(self) -> Services:
        from .services import Services  # noqa: PLC0415

        self._services = self._services or Services(self._config)
        return self._services
