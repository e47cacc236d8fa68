"""The launch roles, which StackSets carry out of sight of the synthesis, are judged as every stack is."""

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from pavedroad_platform.checks import templates
from pavedroad_platform.checks.findings import Check, FinishedTemplate
from pavedroad_platform.checks.policies import Parliament, policy_documents
from pavedroad_platform.checks.rules.own_rules import OwnRules


@pytest.fixture(scope="module")
def template() -> FinishedTemplate:
    return templates.launch_role_template()


@pytest.fixture(scope="module")
def weakened(template: FinishedTemplate) -> Callable[..., FinishedTemplate]:
    """The template whose statement that deletes buckets is another."""

    def changed(name: str, **statement: Any) -> FinishedTemplate:
        body = copy.deepcopy(dict(template.body))
        (found,) = (each for each in statements(body) if "s3:DeleteBucket" in each["Action"])
        found.update(statement)
        return FinishedTemplate(name=name, body=body, paths=template.paths, acknowledgments=template.acknowledgments)

    return changed


def statements(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for logical_id, resource in body["Resources"].items():
        if logical_id.startswith("LaunchRolessecurebucket") and resource["Type"] == "AWS::IAM::ManagedPolicy":
            yield from resource["Properties"]["PolicyDocument"]["Statement"]


def unanswered(check: Check, found: Sequence[FinishedTemplate]) -> set[tuple[str, str]]:
    """The templates with a finding that nobody acknowledged, each with the rule."""
    by_name = {template.name: template for template in found}
    return {
        (finding.template, finding.rule)
        for finding in check.run(found)
        if by_name[finding.template].answer_to(finding) is None
    }


def test_all_checks_are_given_them(template: FinishedTemplate, monkeypatch: pytest.MonkeyPatch) -> None:
    for others in ("read_assembly", "product_templates", "library_templates"):
        monkeypatch.setattr(templates, others, lambda *_: [])
    assert [each.name for each in templates.all_templates(template.name)] == ["pavedroad-launch-roles"]


def test_the_linter_is_given_every_policy(template: FinishedTemplate) -> None:
    judged = {logical_id for logical_id, _ in policy_documents(template)}
    types = {"AWS::IAM::ManagedPolicy", "AWS::IAM::Role"}
    assert judged == {logical_id for logical_id, resource in template.resources.items() if resource["Type"] in types}


@pytest.mark.parametrize(
    "statement",
    [
        {"Action": "iam:*", "Resource": "*"},
        {"Action": "s3:*", "Resource": "*"},
        {"Action": ["iam:PassRole", "iam:AttachRolePolicy"], "Resource": "*"},
        {"Resource": "*"},
    ],
    ids=lambda statement: " ".join(str(value) for value in statement.values()),
)
def test_a_weakened_launch_role_fails(weakened: Callable[..., FinishedTemplate], statement: dict[str, Any]) -> None:
    assert ("weakened", "PavedRoad-IAM-4") in unanswered(OwnRules(), [weakened("weakened", **statement)])


def test_the_linter_finds_nothing_in_them_and_what_is_wrong_with_a_changed_one(
    template: FinishedTemplate, weakened: Callable[..., FinishedTemplate]
) -> None:
    changed = [
        weakened("no service", Action=["s4:DeleteBucket"]),
        weakened("no action", Action=["s3:DeleteBuckets"]),
        weakened(
            "no resource of the action", Action=["s3:DeleteBucket"], Resource=["arn:aws:iam::111111111111:role/r"]
        ),
    ]
    assert unanswered(Parliament(), [template, *changed]) == {
        ("no service", "parliament::UNKNOWN_PREFIX"),
        ("no action", "parliament::UNKNOWN_ACTION"),
        ("no resource of the action", "parliament::RESOURCE_MISMATCH"),
    }
