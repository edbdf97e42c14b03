"""The security group of one home: one port, open to the home's address alone."""

from ipaddress import AddressValueError, IPv4Address
from typing import TYPE_CHECKING

from .clients import Clients
from .codes import GROUP_EXISTS, GROUP_IN_USE, NO_GROUP, NO_RULE, RULE_EXISTS
from .errors import AwsError, RefusedError
from .instance import TAG_HOME

if TYPE_CHECKING:
    from types_boto3_ec2.type_defs import SecurityGroupRuleTypeDef, WaiterConfigTypeDef

DESCRIPTION = "GPPDE: one home reaches its quipgen server"
SETTLED: WaiterConfigTypeDef = {"Delay": 2, "MaxAttempts": 10}
"""Seconds between looks, and looks, until a new group is known everywhere at AWS."""


class Firewall:
    """Lives in the default VPC. Blocks; every method raises AwsError's children only."""

    def __init__(self, clients: Clients, home: str) -> None:
        self._clients = clients
        self._home = home
        self._name = f"gppde-{home}"

    def ensure(self, address: str, port: int) -> str:
        """Return the group's id once its only rule lets this IPv4 address in at this TCP port."""
        source = _source(address)
        group = self._find() or self._create()
        rules = self._rules(group)
        stale = [rule["SecurityGroupRuleId"] for rule in rules if not _lets(rule, source, port)]
        if len(stale) == len(rules):
            self._allow(group, source, port)
        if stale:
            self._forbid(group, stale)
        return group

    def delete(self) -> bool:
        """Remove the group; False where something still uses it, so that it is for later."""
        group = self._find()
        try:
            if group:
                with self._clients.ec2() as ec2:
                    ec2.delete_security_group(GroupId=group)
        except AwsError as error:
            if error.code in GROUP_IN_USE:
                return False
            _unless(error, NO_GROUP)
        return True

    def _find(self) -> str | None:
        with self._clients.ec2() as ec2:
            groups = ec2.describe_security_groups(
                Filters=[
                    {"Name": "group-name", "Values": [self._name]},
                    {"Name": f"tag:{TAG_HOME}", "Values": [self._home]},
                ]
            )["SecurityGroups"]
            return groups[0]["GroupId"] if groups else None

    def _create(self) -> str:
        try:
            with self._clients.ec2() as ec2:
                group = ec2.create_security_group(
                    GroupName=self._name,
                    Description=DESCRIPTION,
                    TagSpecifications=[
                        {
                            "ResourceType": "security-group",
                            "Tags": [{"Key": TAG_HOME, "Value": self._home}],
                        }
                    ],
                )["GroupId"]
                ec2.get_waiter("security_group_exists").wait(GroupIds=[group], WaiterConfig=SETTLED)
        except AwsError as error:
            # The answer to an earlier call may have been lost.
            _unless(error, {GROUP_EXISTS})
            group = self._find() or ""
            if not group:
                raise
        return group

    def _rules(self, group: str) -> list[SecurityGroupRuleTypeDef]:
        """Return who may come in; outwards all is open, since the server fetches its parts."""
        with self._clients.ec2() as ec2:
            pages = ec2.get_paginator("describe_security_group_rules").paginate(
                Filters=[{"Name": "group-id", "Values": [group]}]
            )
            rules = [rule for page in pages for rule in page["SecurityGroupRules"]]
            return [rule for rule in rules if not rule["IsEgress"]]

    def _allow(self, group: str, source: str, port: int) -> None:
        try:
            with self._clients.ec2() as ec2:
                ec2.authorize_security_group_ingress(
                    GroupId=group,
                    IpPermissions=[
                        {
                            "IpProtocol": "tcp",
                            "FromPort": port,
                            "ToPort": port,
                            "IpRanges": [{"CidrIp": source}],
                        }
                    ],
                )
        except AwsError as error:
            _unless(error, {RULE_EXISTS})

    def _forbid(self, group: str, rules: list[str]) -> None:
        try:
            with self._clients.ec2() as ec2:
                ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=rules)
        except AwsError as error:
            _unless(error, NO_RULE)


def _unless(error: AwsError, codes: set[str]) -> None:
    """Raise an error again unless it says that what was wanted is so already."""
    if error.code not in codes:
        raise error


def _source(address: str) -> str:
    try:
        return f"{IPv4Address(address)}/32"
    except AddressValueError as error:
        raise RefusedError(
            "{address} is no IPv4 address, so nobody could be let in.", address=address
        ) from error


def _lets(rule: SecurityGroupRuleTypeDef, source: str, port: int) -> bool:
    return (
        rule.get("IpProtocol") == "tcp"
        and rule.get("FromPort") == rule.get("ToPort") == port
        and rule.get("CidrIpv4") == source
    )
