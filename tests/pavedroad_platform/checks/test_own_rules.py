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
        (
            "AWS::Backup::BackupVault",
            {"AccessPolicy": {"Statement": [{"Effect": "Deny", "Action": ["backup:DeleteRecoveryPoint"]}]}},
            "PavedRoad-Backup-2",
        ),
        ("AWS::WAFv2::WebACL", {"Rules": [{"OverrideAction": {"Count": {}}}]}, "PavedRoad-WAF-4"),
        ("AWS::SecretsManager::ResourcePolicy", {"ResourcePolicy": {"Statement": []}}, "PavedRoad-SecretsManager-4"),
        (
            "AWS::CertificateManager::Certificate",
            {"CertificateTransparencyLoggingPreference": "DISABLED"},
            "PavedRoad-ACM-1",
        ),
        ("AWS::Backup::BackupPlan", {"BackupPlan": {"BackupPlanRule": [{"CopyActions": [{}]}]}}, "PavedRoad-Backup-5"),
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
    account = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}
    assert not conditions_accounts(account)
    assert conditions_accounts(account | {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1"}}})
    assert conditions_accounts(account | {"Action": "kms:*"})
    denial = {"Sid": "Tls", "Effect": "Deny", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    assert denies_when("aws:SecureTransport")([denial])
    assert not denies_when("aws:SecureTransport")([])
    assert denies("Tls")([denial])
    assert not denies("Tls", "Root")([denial])
