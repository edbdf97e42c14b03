"""Does the policy that people give us allow what we do, and nothing more?"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from botocore import xform_name

from custom_components.gppde.aws.cloud import ON_DEMAND_QUOTA, SPOT_QUOTA, Cloud
from custom_components.gppde.aws.instance import (
    RESOLVE,
    TAG_ATTEMPT,
    TAG_EXPIRES,
    TAG_HOME,
)
from custom_components.gppde.aws.prices import PRICES

from .account import REGION
from .authorization import Known, questions, spot_service_role
from .iam import Json, Question, allows
from .lacking import PUBLIC_IMAGE
from .launching import HOME, PORT, a_launch
from .proxy import Proxy
from .request import Request

ROOT = Path(__file__).parents[3]
CODE = ROOT / "custom_components" / "gppde" / "aws"
POLICY: Json = json.loads((ROOT / "deploy" / "aws" / "policy.json").read_text())
BOTO_CALL = re.compile(r'\b(?:ec2|quotas|ssm|sts)\.(?:get_paginator\("(\w+)"|(\w+)\()')
HELPERS = {"get_paginator", "get_waiter"}
OURS = {TAG_HOME: HOME}
LARGEST_MANAGED_POLICY = 6144  # characters, white space not counted
TAG_GUARDS = {
    f"ec2:{action} of a {kind}"
    for action in ("RunInstances", "CreateTags")
    for kind in ("instance", "volume")
}
KINDS = {"i": "instance", "sg": "security-group"}


@pytest.fixture
def recorded(cloud: Cloud, aws: Proxy) -> list[Request]:
    """Let an instance live and die, and all else be asked that we ever ask."""
    live(cloud, aws)
    return [Request.of(call) for call in aws.requests]


def live(cloud: Cloud, aws: Proxy) -> None:
    place = cloud.placements(["g4dn.xlarge"])[0]
    aws.lacking.defaults[SPOT_QUOTA] = aws.lacking.quotas.pop(SPOT_QUOTA)
    firewall = cloud.firewall(HOME)
    image = RESOLVE + PUBLIC_IMAGE
    cloud.identity()
    cloud.spot_price(place.type, place.zone)
    for quota in SPOT_QUOTA, ON_DEMAND_QUOTA:
        cloud.quota(quota)
    firewall.ensure("203.0.113.99", PORT)
    for is_spot in True, False:
        launch = a_launch(cloud, image=image, is_spot=is_spot, client_token=f"spot: {is_spot}")
        cloud.rehearse(launch)
        instance = cloud.launch(launch)
        cloud.instance(instance.id)
        cloud.terminate(instance.id)
    cloud.instances(HOME)
    cloud.by_attempt(HOME, launch.attempt)
    firewall.delete()


def refused(request: Request, known: Known) -> list[Question]:
    return [asked for asked in questions(request, known) if not allows(POLICY, asked)]


def guards(request: Request) -> set[str]:
    """Return what stops a request: an action, and the kind of resource that it is asked for."""
    denied = refused(request, ours_only)
    return {f"{each.action} of a {each.resource.split(':')[5].split('/')[0]}" for each in denied}


def is_allowed(request: Request, known: Known) -> bool:
    return not refused(request, known)


def made_by(requests: list[Request]) -> Known:
    """Return what tags the requests have put on instances and on security groups."""
    tags = {
        kind: made
        for request in requests
        for kind in KINDS.values()
        if (made := request.tags(kind))
    }
    return lambda name: tags[KINDS[name.partition("-")[0]]]


def first(requests: list[Request], action: str) -> Request:
    return next(request for request in requests if request.action == action)


def test_all_that_we_ask_of_aws_is_allowed(recorded: list[Request]) -> None:
    known = made_by(recorded)
    assert [asked for request in recorded for asked in refused(request, known)] == []


def test_the_replay_has_each_call_that_is_in_our_code(recorded: list[Request]) -> None:
    code = "".join(path.read_text() for path in CODE.glob("*.py"))
    written = {name for found in BOTO_CALL.findall(code) for name in found if name} - HELPERS
    assert written <= {xform_name(request.action) for request in recorded}
    assert "run_instances" in written


def test_the_replay_has_each_call_that_the_policy_allows(recorded: list[Request]) -> None:
    """An action in the policy that nobody needs would be a door left open."""
    known = made_by(recorded)
    asked = {each.action for request in recorded for each in questions(request, known)}
    statements = POLICY["Statement"]
    assert isinstance(statements, list)
    actions = [each["Action"] for each in statements]
    allowed = {a for each in actions for a in (each if isinstance(each, list) else [each])}
    assert allowed == asked


BIGGER_ROOT = "BlockDeviceMapping.1.Ebs.VolumeSize"
DENIED_LAUNCHES: dict[str, Mapping[str, str]] = {
    "another type": {"InstanceType": "p5.48xlarge"},
    "a larger one of the same family": {"InstanceType": "g6.12xlarge"},
    "IMDSv1": {"MetadataOptions.HttpTokens": "optional"},
    "metadata within reach of a container": {"MetadataOptions.HttpPutResponseHopLimit": "2"},
    "a dedicated host's fee": {"Placement.Tenancy": "dedicated"},
    "a volume in the clear": {"BlockDeviceMapping.1.Ebs.Encrypted": "false"},
    "a huge volume": {"BlockDeviceMapping.1.Ebs.VolumeSize": "16384"},
    "a dear volume": {"BlockDeviceMapping.1.Ebs.VolumeType": "io2"},
    "a second volume of any kind": {"BlockDeviceMapping.2.DeviceName": "/dev/sdb"},
    "a key pair": {"KeyName": "somebody"},
    "a role of its own": {"IamInstanceProfile.Name": "admin"},
    "a launch template": {"LaunchTemplate.LaunchTemplateId": "lt-0123456789abcdef0"},
    "a stranger's image": {"ImageId": "ami-foreign"},
    "a stranger's parameter": {"ImageId": "resolve:ssm:/somebody/else"},
    "a foreign security group": {"NetworkInterface.1.SecurityGroupId.1": "sg-foreign"},
    "a tag that is not ours": {"TagSpecification.1.Tag.9.Key": "aws:autoscaling:groupName"},
}


def test_no_other_launch_than_ours_is_allowed(recorded: list[Request]) -> None:
    request = first(recorded, "RunInstances")
    assert is_allowed(request, ours_only)
    others = {name: request.changed(change) for name, change in DENIED_LAUNCHES.items()}
    others |= {f"no {tag}": request.untagged(tag) for tag in (TAG_HOME, TAG_ATTEMPT, TAG_EXPIRES)}
    assert [name for name, other in others.items() if is_allowed(other, ours_only)] == []


def test_each_type_that_we_know_the_price_of_may_be_launched(recorded: list[Request]) -> None:
    request = first(recorded, "RunInstances")
    launches = {type_: request.changed({"InstanceType": type_}) for type_ in PRICES}
    assert [type_ for type_, other in launches.items() if not is_allowed(other, ours_only)] == []


def test_an_image_of_ones_own_may_be_launched(recorded: list[Request]) -> None:
    request = first(recorded, "RunInstances").changed({"ImageId": "ami-own"})
    assert is_allowed(request, ours_only)


def test_only_what_bears_our_tag_is_terminated() -> None:
    def terminate(*names: str) -> Request:
        parameters = {f"InstanceId.{number}": name for number, name in enumerate(names, 1)}
        return Request("ec2", "TerminateInstances", REGION, parameters)

    assert is_allowed(terminate("i-ours"), ours_only)
    assert not is_allowed(terminate("i-foreign"), ours_only)
    assert not is_allowed(terminate("i-ours", "i-foreign"), ours_only)


@pytest.mark.parametrize("name", ["i-ours", "i-foreign"])
def test_nothing_is_tagged_afterwards(name: str) -> None:
    """Else a foreign instance could be made ours, and ended."""
    tags = {"ResourceId.1": name, "Tag.1.Key": TAG_HOME, "Tag.1.Value": HOME}
    assert not is_allowed(Request("ec2", "CreateTags", REGION, tags), ours_only)


def test_no_security_group_is_made_without_our_tag(recorded: list[Request]) -> None:
    request = first(recorded, "CreateSecurityGroup").untagged(TAG_HOME)
    assert guards(request) == {
        "ec2:CreateSecurityGroup of a security-group",
        "ec2:CreateTags of a security-group",
    }


def test_a_launch_without_our_tag_meets_four_guards(recorded: list[Request]) -> None:
    """Each of which has to hold without the others."""
    assert guards(first(recorded, "RunInstances").untagged(TAG_HOME)) == TAG_GUARDS


def test_a_launch_with_a_foreign_tag_meets_four_guards(recorded: list[Request]) -> None:
    foreign = {f"TagSpecification.{number}.Tag.9.Key": "theirs" for number in (1, 2)}
    assert guards(first(recorded, "RunInstances").changed(foreign)) == TAG_GUARDS


def test_no_other_service_gets_a_role_from_us(recorded: list[Request]) -> None:
    spot = spot_service_role(first(recorded, "RunInstances"))
    other = replace(spot, context={"iam:AWSServiceName": "ecs.amazonaws.com"})
    assert allows(POLICY, spot)
    assert not allows(POLICY, other)


def test_foreign_security_groups_are_left_alone(recorded: list[Request]) -> None:
    for change in "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress":
        request = first(recorded, change)
        assert is_allowed(request, ours_only)
        assert not is_allowed(request.changed({"GroupId": "sg-foreign"}), ours_only)
    delete = Request("ec2", "DeleteSecurityGroup", REGION, {"GroupId": "sg-foreign"})
    assert not is_allowed(delete, ours_only)


@pytest.mark.parametrize(
    "action",
    [
        "ec2:CreateImage",
        "ec2:CreateVolume",
        "ec2:ModifyInstanceAttribute",
        "ec2:RequestSpotInstances",
        "ec2:StartInstances",
        "ec2:StopInstances",
        "iam:CreateUser",
        "iam:PassRole",
        "ssm:SendCommand",
        "sts:AssumeRole",
    ],
)
def test_nobody_can(action: str) -> None:
    assert not allows(POLICY, Question(action, "*", {}))
    assert not allows(POLICY, Question(action, "arn:aws:ec2:us-east-1:1:instance/i-ours", {}))


def test_the_policy_is_short_enough_for_a_managed_one() -> None:
    assert len("".join(json.dumps(POLICY).split())) <= LARGEST_MANAGED_POLICY


def ours_only(name: str) -> Mapping[str, str]:
    return {} if name.endswith("-foreign") else OURS
