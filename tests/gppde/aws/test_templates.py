"""Do CloudFormation, Terraform and the guide say what the policy says?"""

import json
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import parse_yaml

from custom_components.gppde.aws.prices import PRICES

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "aws"
GUIDE = (ROOT / "docs" / "aws.md").read_text()
POLICY = json.loads((FOLDER / "policy.json").read_text())
SAYS_A_SECRET = "AccessKey"


def stack() -> dict[str, Any]:
    template = parse_yaml((FOLDER / "cloudformation.yaml").read_text())
    assert isinstance(template, dict)
    return template


def resources(kind: str) -> list[dict[str, Any]]:
    return [each for each in stack()["Resources"].values() if each["Type"] == kind]


def test_the_stack_has_the_policy() -> None:
    [policy] = resources("AWS::IAM::ManagedPolicy")
    assert policy["Properties"]["PolicyDocument"] == POLICY


def test_who_is_made_by_the_stack_may_do_nothing_else() -> None:
    who = resources("AWS::IAM::User") + resources("AWS::IAM::Role")
    assert [each["Properties"]["ManagedPolicyArns"] for each in who] == [[{"Ref": "Policy"}]] * 2
    assert not any("Policies" in each["Properties"] for each in who)


def test_the_stack_tells_a_person_when_it_gets_dear() -> None:
    [alarm] = resources("AWS::Budgets::Budget")
    notified = alarm["Properties"]["NotificationsWithSubscribers"]
    addresses = [to["Address"] for each in notified for to in each["Subscribers"]]
    assert addresses == [{"Ref": "BudgetEmail"}] * len(notified) != []


def test_terraform_reads_the_policy_itself() -> None:
    plan = (FOLDER / "main.tf").read_text()
    assert plan.count('file("${path.module}/policy.json")') == 1
    assert plan.count('resource "aws_iam_policy"') == 1
    assert "inline_policy" not in plan


def test_no_template_makes_a_key_that_others_can_read() -> None:
    assert SAYS_A_SECRET not in json.dumps(stack())
    assert "aws_iam_access_key" not in (FOLDER / "main.tf").read_text()


def test_the_guide_explains_each_statement() -> None:
    statements = {statement["Sid"] for statement in POLICY["Statement"]}
    assert {sid for sid in statements if f"`{sid}`" not in GUIDE} == set()


def test_the_guide_has_the_prices_that_we_reckon_with() -> None:
    for type_, price in PRICES.items():
        row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{type_}`"))
        cells = [cell.strip() for cell in row.split("|")]
        assert cells[4:6] == [f"{price.on_demand:.3f}", f"{price.spot:.2f}"]
