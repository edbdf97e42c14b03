"""The security group of one home."""

import boto3
import pytest
from types_boto3_ec2 import EC2Client

from custom_components.gppde.aws.cloud import Cloud
from custom_components.gppde.aws.errors import ForbiddenError, RefusedError, UnansweredError

from .account import KEY, REGION, SECRET
from .faults import Forgotten, Lost, Refused
from .launching import ADDRESS, HOME, PORT
from .proxy import Proxy

OTHER_ADDRESS = "198.51.100.9"
CREATED = [
    "DescribeSecurityGroups",
    "CreateSecurityGroup",
    "DescribeSecurityGroups",
    "DescribeSecurityGroupRules",
    "AuthorizeSecurityGroupIngress",
]


@pytest.fixture
def ec2(aws: Proxy) -> EC2Client:
    """Look at the same account by other means."""
    return boto3.client(
        "ec2", region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=SECRET
    )


def rules(ec2: EC2Client, group: str) -> list[tuple[str, int, int, list[str]]]:
    """Return who may come in at a group: protocol, ports and sources."""
    told = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    return [
        (
            rule["IpProtocol"],
            rule["FromPort"],
            rule["ToPort"],
            [source["CidrIp"] for source in rule["IpRanges"]],
        )
        for rule in told["IpPermissions"]
    ]


def test_one_port_is_open_to_one_address(cloud: Cloud, aws: Proxy, ec2: EC2Client) -> None:
    group = cloud.firewall(HOME).ensure(ADDRESS, PORT)

    assert aws.calls == CREATED
    assert rules(ec2, group) == [("tcp", PORT, PORT, [f"{ADDRESS}/32"])]


def test_the_group_says_whose_it_is(cloud: Cloud, ec2: EC2Client) -> None:
    group = cloud.firewall(HOME).ensure(ADDRESS, PORT)

    told = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
    assert told["GroupName"] == f"gppde-{HOME}"
    assert {"Key": "gppde:home", "Value": HOME} in told["Tags"]


def test_a_group_that_is_right_is_used_again(cloud: Cloud, aws: Proxy) -> None:
    group = cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.requests.clear()

    assert cloud.firewall(HOME).ensure(ADDRESS, PORT) == group
    assert aws.calls == ["DescribeSecurityGroups", "DescribeSecurityGroupRules"]


@pytest.mark.parametrize(("address", "port"), [(OTHER_ADDRESS, PORT), (ADDRESS, 9443)])
def test_the_group_follows_the_home(
    address: str, port: int, cloud: Cloud, aws: Proxy, ec2: EC2Client
) -> None:
    group = cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.requests.clear()

    assert cloud.firewall(HOME).ensure(address, port) == group

    assert aws.calls == [
        "DescribeSecurityGroups",
        "DescribeSecurityGroupRules",
        "AuthorizeSecurityGroupIngress",
        "RevokeSecurityGroupIngress",
    ]
    assert rules(ec2, group) == [("tcp", port, port, [f"{address}/32"])]


def test_what_somebody_else_has_opened_is_closed(cloud: Cloud, aws: Proxy, ec2: EC2Client) -> None:
    group = cloud.firewall(HOME).ensure(ADDRESS, PORT)
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0"
    )
    aws.requests.clear()

    cloud.firewall(HOME).ensure(ADDRESS, PORT)

    assert "AuthorizeSecurityGroupIngress" not in aws.calls
    assert rules(ec2, group) == [("tcp", PORT, PORT, [f"{ADDRESS}/32"])]


def test_two_homes_have_two_groups(cloud: Cloud) -> None:
    mine = cloud.firewall(HOME).ensure(ADDRESS, PORT)

    assert cloud.firewall("another-home").ensure(ADDRESS, PORT) != mine


@pytest.mark.parametrize("address", ["", "0.0.0.0/0", "2001:db8::1", "home.example.org"])
def test_only_an_address_can_be_let_in(address: str, cloud: Cloud, aws: Proxy) -> None:
    with pytest.raises(RefusedError, match="no IPv4 address"):
        cloud.firewall(HOME).ensure(address, PORT)
    assert aws.calls == []


@pytest.mark.parametrize(
    "action",
    ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"],
)
def test_a_lost_answer_leaves_one_group_and_one_rule(
    action: str, cloud: Cloud, aws: Proxy, ec2: EC2Client
) -> None:
    aws.faults = [Lost(action=action)]

    cloud.firewall(HOME).ensure(ADDRESS, PORT)
    group = cloud.firewall(HOME).ensure(OTHER_ADDRESS, PORT)

    assert rules(ec2, group) == [("tcp", PORT, PORT, [f"{OTHER_ADDRESS}/32"])]
    mine = [{"Name": "tag:gppde:home", "Values": [HOME]}]
    assert len(ec2.describe_security_groups(Filters=mine)["SecurityGroups"]) == 1  # type: ignore[arg-type]


def test_a_group_that_can_neither_be_made_nor_found_is_told_of(cloud: Cloud, aws: Proxy) -> None:
    cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.faults = [Forgotten(action="DescribeSecurityGroups", times=2)]

    with pytest.raises(RefusedError, match="CreateSecurityGroup"):
        cloud.firewall(HOME).ensure(ADDRESS, PORT)


def test_a_new_group_that_never_appears_is_told_of(
    cloud: Cloud, aws: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "custom_components.gppde.aws.firewall.SETTLED", {"Delay": 0, "MaxAttempts": 3}
    )
    aws.faults = [
        Forgotten(action="DescribeSecurityGroups"),
        Refused(action="DescribeSecurityGroups", code="InvalidGroup.NotFound", times=3),
    ]

    with pytest.raises(UnansweredError, match="does not appear"):
        cloud.firewall(HOME).ensure(ADDRESS, PORT)


def test_a_policy_that_lacks_something_is_told_of(cloud: Cloud, aws: Proxy) -> None:
    aws.faults = [Refused(action="CreateSecurityGroup", code="UnauthorizedOperation", status=403)]

    with pytest.raises(ForbiddenError, match="ec2:CreateSecurityGroup"):
        cloud.firewall(HOME).ensure(ADDRESS, PORT)


def test_a_group_is_removed(cloud: Cloud, aws: Proxy, ec2: EC2Client) -> None:
    group = cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.requests.clear()

    assert cloud.firewall(HOME).delete()

    assert aws.calls == ["DescribeSecurityGroups", "DeleteSecurityGroup"]
    left = ec2.describe_security_groups()["SecurityGroups"]
    assert group not in {one["GroupId"] for one in left}


def test_where_no_group_is_none_is_removed(cloud: Cloud, aws: Proxy) -> None:
    assert cloud.firewall(HOME).delete()
    assert aws.calls == ["DescribeSecurityGroups"]


def test_a_lost_answer_does_not_hinder_the_removal(cloud: Cloud, aws: Proxy) -> None:
    cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.faults = [Lost(action="DeleteSecurityGroup")]

    assert cloud.firewall(HOME).delete()


def test_a_group_in_use_is_left_for_later(cloud: Cloud, aws: Proxy) -> None:
    cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.faults = [Refused(action="DeleteSecurityGroup", code="DependencyViolation")]

    assert not cloud.firewall(HOME).delete()
    assert cloud.firewall(HOME).delete()


def test_a_removal_that_is_not_allowed_is_told_of(cloud: Cloud, aws: Proxy) -> None:
    cloud.firewall(HOME).ensure(ADDRESS, PORT)
    aws.faults = [Refused(action="DeleteSecurityGroup", code="UnauthorizedOperation", status=403)]

    with pytest.raises(ForbiddenError, match="ec2:DeleteSecurityGroup"):
        cloud.firewall(HOME).delete()
