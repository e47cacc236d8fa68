import re

import pytest

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.rules.own_rules import RULES, OwnRules
from pavedroad_platform.checks.rules.statements import (
    conditions_accounts,
    conditions_services,
    denies,
    denies_when,
    names_actions,
    names_principals,
)
from pavedroad_platform.checks.templates import product_templates


def test_each_rule_has_an_id_of_its_own_and_says_what_to_do() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert [rule.id for rule in RULES if not re.fullmatch(r"PavedRoad-[A-Za-z0-9]+-\d+", rule.id)] == []
    assert [rule.id for rule in RULES if ": " not in rule.message or not rule.source] == []


def test_the_products_keep_every_rule_or_say_why_not() -> None:
    by_name = {template.name: template for template in product_templates()}
    found = OwnRules().run(list(by_name.values()))
    assert [finding for finding in found if by_name[finding.template].answer_to(finding) is None] == []


@pytest.mark.parametrize(
    ("resource_type", "properties", "rule"),
    [
        ("AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": []}}, "PavedRoad-S3-9"),
        ("AWS::RDS::DBInstance", {"DeleteAutomatedBackups": True}, "PavedRoad-RDS-2"),
        ("AWS::ECS::Service", {"EnableExecuteCommand": True}, "PavedRoad-ECS-5"),
        ("AWS::EC2::FlowLog", {}, "PavedRoad-EC2-2"),
        ("AWS::CodeBuild::Project", {"Environment": {"PrivilegedMode": True}}, "PavedRoad-CodeBuild-2"),
        (
            "AWS::CodePipeline::Pipeline",
            {"Stages": [{"Actions": [{"ActionTypeId": {"Provider": "InspectorScan"}, "Configuration": {}}]}]},
            "PavedRoad-CodePipeline-2",
        ),
        (
            "AWS::IAM::Role",
            {
                "AssumeRolePolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "sts:AssumeRole",
                            "Principal": {"AWS": {"Fn::Join": ["", ["arn:", {"Ref": "P"}, ":iam::777777777777:root"]]}},
                        }
                    ]
                }
            },
            "PavedRoad-IAM-6",
        ),
        ("AWS::KMS::Key", {"DeletionPolicy": "Retain"}, "PavedRoad-KMS-1"),
        ("AWS::EKS::Cluster", {}, "PavedRoad-EKS-2"),
        (
            "AWS::EKS::Cluster",
            {"ResourcesVpcConfig": {"EndpointPublicAccess": True, "PublicAccessCidrs": ["0.0.0.0/0"]}},
            "PavedRoad-EKS-2",
        ),
        (
            "AWS::EKS::Cluster",
            {"Logging": {"ClusterLogging": {"EnabledTypes": [{"Type": "audit"}]}}},
            "PavedRoad-EKS-3",
        ),
        (
            "AWS::EC2::LaunchTemplate",
            {"LaunchTemplateData": {"MetadataOptions": {"HttpPutResponseHopLimit": 2}}},
            "PavedRoad-EKS-10",
        ),
    ],
)
def test_a_bad_resource_breaks_its_rule(resource_type: str, properties: dict[str, object], rule: str) -> None:
    body = {"Resources": {"Bad": {"Type": resource_type, "Properties": properties}}}
    found = OwnRules().run([FinishedTemplate(name="t", body=body)])
    assert rule in [finding.rule for finding in found]


def test_an_endpoint_may_be_public_to_named_ranges() -> None:
    access = {"EndpointPublicAccess": True, "PublicAccessCidrs": ["203.0.113.0/24"]}
    body = {"Resources": {"Named": {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": access}}}}
    found = OwnRules().run([FinishedTemplate(name="t", body=body)])
    assert "PavedRoad-EKS-2" not in [finding.rule for finding in found]


def test_statement_requirements() -> None:
    service = {"Effect": "Allow", "Action": "*", "Principal": {"Service": "events.amazonaws.com"}}
    assert not names_actions(service)
    assert not conditions_services(service)
    assert conditions_services(service | {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}})
    everybody = {"Effect": "Allow", "Action": "kms:Decrypt", "Principal": {"AWS": "*"}}
    assert not names_principals(everybody)
    assert not names_principals(everybody | {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}})
    assert names_principals(everybody | {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/a"}}})
    denial = {"Sid": "Tls", "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert denies_when("aws:SecureTransport")([denial])
    assert not denies_when("aws:SecureTransport")([])
    assert denies("Tls")([denial])
    assert not denies("Tls", "Root")([denial])


@pytest.mark.parametrize(
    ("action", "condition", "good"),
    [
        ("s3:GetObject", None, False),
        ("s3:GetObject", {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::777777777777:role/deploy"}}, True),
        ("kms:*", None, True),
    ],
)
def test_an_account_is_trusted_on_a_condition(action: str, condition: dict[str, object] | None, good: bool) -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::777777777777:root"}, "Action": action}
    if condition:
        statement["Condition"] = condition
    assert conditions_accounts(statement) is good
