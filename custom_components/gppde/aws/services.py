"""The clients of boto3. Importing this module takes a second on a small machine: do it late."""

from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.exceptions import NoCredentialsError, PartialCredentialsError
from botocore.session import Session

from .config import CloudConfig

if TYPE_CHECKING:
    from types_boto3_ec2 import EC2Client
    from types_boto3_service_quotas import ServiceQuotasClient
    from types_boto3_ssm import SSMClient
    from types_boto3_sts import STSClient

BOUNDS = Config(
    connect_timeout=10,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 4},
    user_agent_extra="gppde",
)
ROLE_SESSION = "gppde"
KEYS = "gppde"


class Services:
    """One session and its clients, each made when it is first asked for; not thread-safe."""

    def __init__(self, config: CloudConfig) -> None:
        session = _session_of_keys(config)
        if config.role:
            session = _session_of_role(session, config, config.role)
        self._session = boto3.session.Session(botocore_session=session, region_name=config.region)

    @cached_property
    def ec2(self) -> EC2Client:
        return self._session.client("ec2")

    @cached_property
    def quotas(self) -> ServiceQuotasClient:
        return self._session.client("service-quotas")

    @cached_property
    def ssm(self) -> SSMClient:
        return self._session.client("ssm")

    @cached_property
    def sts(self) -> STSClient:
        return self._session.client("sts")


def _session(config: CloudConfig) -> Session:
    session = Session()
    session.set_config_variable("region", config.region)
    session.set_default_client_config(BOUNDS)
    return session


def _session_of_keys(config: CloudConfig) -> Session:
    session = _session(config)
    if config.access_key and config.secret_key:
        session.set_credentials(config.access_key, config.secret_key)
    elif config.access_key or config.secret_key:
        raise PartialCredentialsError(provider=KEYS, cred_var="secret_key")
    return session


def _session_of_role(keys: Session, config: CloudConfig, role: str) -> Session:
    """Return a session that assumes the role when it is first used, and again in time."""
    session = _session(config)
    session.register_component("credential_provider", CredentialResolver([_Role(keys, role)]))
    return session


class _Role(CredentialProvider):
    METHOD = CANONICAL_NAME = "assume-role"

    def __init__(self, keys: Session, role: str) -> None:
        super().__init__()
        self._keys = keys
        self._role = role

    def load(self) -> DeferredRefreshableCredentials:
        source = self._keys.get_credentials()
        if source is None:
            raise NoCredentialsError
        fetcher = AssumeRoleCredentialFetcher(
            client_creator=self._keys.create_client,
            source_credentials=source,
            role_arn=self._role,
            extra_args={"RoleSessionName": ROLE_SESSION},
        )
        return DeferredRefreshableCredentials(fetcher.fetch_credentials, self.METHOD)
