"""What AWS asks IAM before it carries out a call, as its service authorization reference tells.

One call can raise many questions: RunInstances asks for every resource that it makes or uses, and
CreateTags is asked for besides wherever something is tagged while it is made.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from .iam import Question
from .request import ACCOUNT, Request

HOP_LIMIT = "MetadataOptions.HttpPutResponseHopLimit"

type Tags = Mapping[str, str]
type Known = Callable[[str], Tags]
"""Returns the tags of what exists, by its id."""


def questions(request: Request, known: Known) -> list[Question]:
    """Return all that IAM is asked; the call is carried out if each answer is yes."""
    if request.action.startswith("Describe"):
        return [Question(f"{request.service}:{request.action}", "*", request.about({}))]
    return list(ASKED[request.service, request.action](request, known))


def requested(question: Question, tags: Tags) -> Question:
    """Add the tags that the call puts on what it makes."""
    keys = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
    named = {"aws:TagKeys": list(tags)} if tags else {}
    return replace(question, context={**question.context, **keys, **named})


def existing(question: Question, tags: Tags) -> Question:
    """Add the tags that what exists already bears."""
    keys = {f"aws:ResourceTag/{key}": value for key, value in tags.items()}
    return replace(question, context={**question.context, **keys})


def tagging(request: Request) -> Iterator[Question]:
    """CreateTags is asked for each kind that is tagged while it is made."""
    for spec in request.numbered("TagSpecification"):
        kind = request.get(f"{spec}.ResourceType")
        asked = replace(request, action="CreateTags").asks(kind, CreateAction=request.action)
        yield requested(asked, request.tags(kind))


def run_instances(request: Request, known: Known) -> Iterator[Question]:
    market = request.get("InstanceMarketOptions.MarketType", "on-demand")
    yield requested(instance(request, market), request.tags("instance"))
    for prefix in request.numbered("BlockDeviceMapping"):
        yield requested(volume(request, f"{prefix}.Ebs"), request.tags("volume"))
    for group in groups(request):
        yield existing(request.asks("security-group", group), known(group))
    yield request.asks("network-interface")
    yield request.asks("subnet", subnet(request))
    yield from image(request)
    yield from borrowed(request)
    if market == "spot":
        wish = "spot-instances-request"
        yield requested(request.asks(wish), request.tags(wish))
        yield spot_service_role(request)
    yield from tagging(request)


def instance(request: Request, market: str) -> Question:
    return request.asks(
        "instance",
        InstanceType=request.get("InstanceType"),
        InstanceMarketType=market,
        MetadataHttpTokens=request.get("MetadataOptions.HttpTokens", "optional"),
        MetadataHttpPutResponseHopLimit=request.get(HOP_LIMIT, "2"),
        Tenancy=request.get("Placement.Tenancy", "default"),
    )


def volume(request: Request, prefix: str) -> Question:
    return request.asks(
        "volume",
        Encrypted=request.get(f"{prefix}.Encrypted", "false"),
        VolumeSize=request.get(f"{prefix}.VolumeSize", "8"),
        VolumeType=request.get(f"{prefix}.VolumeType", "gp2"),
    )


def groups(request: Request) -> list[str]:
    interfaces = request.numbered("NetworkInterface")
    nested = [group for each in interfaces for group in request.values(f"{each}.SecurityGroupId")]
    return request.values("SecurityGroupId") + nested


def subnet(request: Request) -> str:
    nested = [request.get(f"{each}.SubnetId") for each in request.numbered("NetworkInterface")]
    return request.get("SubnetId") or next(filter(None, nested), "subnet-0default")


def image(request: Request) -> Iterator[Question]:
    """The image, and the parameter that names it; the owner's test name is the owner."""
    name = request.get("ImageId")
    owner = ACCOUNT if name == "ami-own" else "999999999999" if name == "ami-foreign" else "amazon"
    if name.startswith("resolve:ssm:"):
        yield parameter(request, name.removeprefix("resolve:ssm:"))
        name = "ami-resolved"
    yield request.asks("image", name, Owner=owner)


def parameter(request: Request, name: str, action: str = "GetParameters") -> Question:
    """Public parameters belong to no account."""
    arn = f"arn:aws:ssm:{request.region}::parameter/{name.removeprefix('/')}"
    return Question(f"ssm:{action}", arn, request.about({}))


def borrowed(request: Request) -> Iterator[Question]:
    """What an instance can be given besides, each a resource of its own."""
    if key := request.get("KeyName"):
        yield request.asks("key-pair", key, KeyPairName=key)
    if template := request.get("LaunchTemplate.LaunchTemplateId"):
        yield request.asks("launch-template", template)
    if profile := request.get("IamInstanceProfile.Name"):
        arn = f"arn:aws:iam::{ACCOUNT}:role/{profile}"
        passed = {"iam:PassedToService": "ec2.amazonaws.com"}
        yield Question("iam:PassRole", arn, request.about(passed))


def spot_service_role(request: Request) -> Question:
    """Asked once in an account's life, at its first spot instance."""
    service = "spot.amazonaws.com"
    name = f"role/aws-service-role/{service}/AWSServiceRoleForEC2Spot"
    context = request.about({"iam:AWSServiceName": service})
    return Question("iam:CreateServiceLinkedRole", f"arn:aws:iam::{ACCOUNT}:{name}", context)


def terminate(request: Request, known: Known) -> Iterator[Question]:
    for name in request.values("InstanceId"):
        yield existing(request.asks("instance", name), known(name))


def create_group(request: Request, known: Known) -> Iterator[Question]:
    yield requested(request.asks("security-group"), request.tags("security-group"))
    yield request.asks("vpc", request.get("VpcId", "vpc-0default"))
    yield from tagging(request)


def change_group(request: Request, known: Known) -> Iterator[Question]:
    """Security groups; rules that get tags of their own are asked for besides."""
    group = request.get("GroupId")
    yield existing(request.asks("security-group", group), known(group))
    yield from tagging(request)


def create_tags(request: Request, known: Known) -> Iterator[Question]:
    """Tagging what exists already."""
    named = request.numbered("Tag")
    tags = {request.get(f"{tag}.Key"): request.get(f"{tag}.Value") for tag in named}
    for name in request.values("ResourceId"):
        yield requested(existing(request.asks("instance", name), known(name)), tags)


def get_parameter(request: Request, known: Known) -> Iterator[Question]:
    yield parameter(request, request.get("Name"), request.action)


def everywhere(request: Request, known: Known) -> Iterator[Question]:
    yield Question(f"{request.service}:{request.action}", "*", request.about({}))


def nothing(request: Request, known: Known) -> Iterator[Question]:
    """AWS lets everybody do this who has keys."""
    yield from ()


ASKED: dict[tuple[str, str], Callable[[Request, Known], Iterator[Question]]] = {
    ("ec2", "RunInstances"): run_instances,
    ("ec2", "TerminateInstances"): terminate,
    ("ec2", "CreateSecurityGroup"): create_group,
    ("ec2", "AuthorizeSecurityGroupIngress"): change_group,
    ("ec2", "RevokeSecurityGroupIngress"): change_group,
    ("ec2", "DeleteSecurityGroup"): change_group,
    ("ec2", "CreateTags"): create_tags,
    ("ssm", "GetParameter"): get_parameter,
    ("servicequotas", "GetServiceQuota"): everywhere,
    ("servicequotas", "GetAWSDefaultServiceQuota"): everywhere,
    ("sts", "GetCallerIdentity"): nothing,
}
