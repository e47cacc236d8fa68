import re

import pytest

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.rules.own_rules import RULES, OwnRules
from pavedroad_platform.checks.rules.statements import (
    conditions_grants,
    conditions_instances,
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
        ("AWS::KMS::Key", {"DeletionPolicy": "Retain"}, "PavedRoad-KMS-1"),
        ("AWS::EC2::LaunchTemplate", {}, "PavedRoad-LaunchTemplate-1"),
        (
            "AWS::EC2::LaunchTemplate",
            {"LaunchTemplateData": {"MetadataOptions": {"HttpPutResponseHopLimit": 3}}},
            "PavedRoad-LaunchTemplate-2",
        ),
        ("AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {"KeyName": "operators"}}, "PavedRoad-LaunchTemplate-8"),
        ("AWS::AutoScaling::AutoScalingGroup", {"HealthCheckType": "EC2,ELB"}, "PavedRoad-AutoScaling-2"),
        (
            "AWS::AutoScaling::AutoScalingGroup",
            {"HealthCheckType": "EBS", "TargetGroupARNs": ["arn"]},
            "PavedRoad-AutoScaling-3",
        ),
        ("AWS::EC2::Volume", {}, "PavedRoad-EBS-2"),
        ("AWS::DLM::LifecyclePolicy", {"State": "DISABLED"}, "PavedRoad-DLM-1"),
        ("AWS::SSM::Document", {"DocumentType": "Session", "Content": {"inputs": {}}}, "PavedRoad-SSM-1"),
    ],
)
def test_a_bad_resource_breaks_its_rule(resource_type: str, properties: dict[str, object], rule: str) -> None:
    body = {"Resources": {"Bad": {"Type": resource_type, "Properties": properties}}}
    found = OwnRules().run([FinishedTemplate(name="t", body=body)])
    assert rule in [finding.rule for finding in found]


def test_statement_requirements() -> None:
    service = {"Effect": "Allow", "Action": "*", "Principal": {"Service": "events.amazonaws.com"}}
    assert not names_actions(service)
    assert not conditions_services(service)
    assert conditions_services(service | {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}})
    denial = {"Sid": "Tls", "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert denies_when("aws:SecureTransport")([denial])
    assert not denies_when("aws:SecureTransport")([])
    assert denies("Tls")([denial])
    assert not denies("Tls", "Root")([denial])


def test_everybody_is_admitted_only_where_a_condition_names_their_arns() -> None:
    everybody = {"Effect": "Allow", "Action": "kms:Decrypt", "Principal": {"AWS": "*"}}
    role = "arn:aws:iam::111111111111:role/example"
    assert names_principals(everybody | {"Condition": {"StringEquals": {"aws:PrincipalArn": [role]}}})
    assert not names_principals(everybody)
    assert not names_principals(everybody | {"Condition": {"StringEquals": {"kms:CallerAccount": "111111111111"}}})
    assert not names_principals(everybody | {"Condition": {"StringLike": {"aws:PrincipalArn": role}}})
    assert not names_principals(everybody | {"Condition": {"StringEquals": {"aws:PrincipalArn": "*"}}})


def test_instances_volumes_and_snapshots_are_reached_by_their_tags() -> None:
    any_instance = "arn:aws:ec2:eu-west-1:111111111111:instance/*"
    start = {"Effect": "Allow", "Action": "ssm:StartSession", "Resource": any_instance}
    assert not conditions_instances(start)
    assert conditions_instances(start | {"Condition": {"StringEquals": {"aws:ResourceTag/team": "orders"}}})
    assert conditions_instances(start | {"Resource": any_instance.replace("*", "i-0123456789abcdef0")})
    any_snapshot = "arn:aws:ec2:eu-west-1::snapshot/*"
    assert conditions_instances({"Effect": "Allow", "Action": "ec2:CreateSnapshot", "Resource": any_snapshot})
    assert not conditions_instances({"Effect": "Allow", "Action": "ec2:DeleteSnapshot", "Resource": any_snapshot})


def test_the_use_of_keys_is_given_on_to_resources_of_aws_only() -> None:
    grants = {"Effect": "Allow", "Action": ["kms:CreateGrant"], "Resource": "arn:aws:kms:eu-west-1:111111111111:key/a"}
    assert not conditions_grants(grants)
    assert conditions_grants(grants | {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}})
