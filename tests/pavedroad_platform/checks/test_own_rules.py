import re
from typing import Any

import pytest

from pavedroad_platform.checks.findings import FinishedTemplate
from pavedroad_platform.checks.rules.own_rules import RULES, OwnRules
from pavedroad_platform.checks.rules.statements import (
    conditions_accounts,
    conditions_grants,
    conditions_instances,
    conditions_services,
    conditions_whole_accounts,
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
        ("AWS::RDS::DBCluster", {"BackupRetentionPeriod": 1}, "PavedRoad-Aurora-2"),
        ("AWS::RDS::DBClusterParameterGroup", {"Parameters": {"rds.force_ssl": "0"}}, "PavedRoad-Aurora-7"),
        ("AWS::RDS::DBProxy", {"RequireTLS": False}, "PavedRoad-RDSProxy-1"),
        (
            "AWS::DocDB::DBClusterParameterGroup",
            {"Parameters": {"tls": "enabled", "audit_logs": "enabled"}},
            "PavedRoad-DocumentDB-7",
        ),
        ("AWS::ECS::Service", {"EnableExecuteCommand": True}, "PavedRoad-ECS-5"),
        (
            "AWS::ECS::Service",
            {"DeploymentConfiguration": {"Alarms": {"AlarmNames": ["errors"], "Enable": True, "Rollback": False}}},
            "PavedRoad-ECS-19",
        ),
        ("AWS::EC2::FlowLog", {}, "PavedRoad-EC2-2"),
        (
            "AWS::CloudFront::Distribution",
            {"DistributionConfig": {"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.1_2016"}}},
            "PavedRoad-CloudFront-1",
        ),
        (
            "AWS::CloudFront::OriginAccessControl",
            {"OriginAccessControlConfig": {"SigningBehavior": "no-override"}},
            "PavedRoad-CloudFront-5",
        ),
        ("AWS::CloudFront::ResponseHeadersPolicy", {"ResponseHeadersPolicyConfig": {}}, "PavedRoad-CloudFront-14"),
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
        ("AWS::KMS::Key", {"EnableKeyRotation": False}, "PavedRoad-KMS-2"),
        ("AWS::Logs::LogGroup", {}, "PavedRoad-Logs-4"),
        ("AWS::SNS::Topic", {}, "PavedRoad-SNS-7"),
        ("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": True}, "PavedRoad-EC2-6"),
        ("AWS::S3::Bucket", {"VersioningConfiguration": {"Status": "Suspended"}}, "PavedRoad-S3-18"),
        ("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}, "PavedRoad-S3-20"),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b"}]}},
            "PavedRoad-IAM-13",
        ),
        (
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": "kms:Decrypt",
                            "Resource": "arn:aws:kms:eu-west-1:111111111111:key/*",
                        }
                    ]
                }
            },
            "PavedRoad-IAM-14",
        ),
        (
            "AWS::CodePipeline::Pipeline",
            {"Stages": [{"Name": "UpdatePipeline"}], "RestartExecutionOnUpdate": False},
            "PavedRoad-CodePipeline-3",
        ),
        (
            "AWS::CloudFormation::StackSet",
            {"PermissionModel": "SERVICE_MANAGED", "AutoDeployment": {"Enabled": False}},
            "PavedRoad-CloudFormation-1",
        ),
        (
            "AWS::CloudFormation::StackSet",
            {"PermissionModel": "SERVICE_MANAGED", "AutoDeployment": {"Enabled": True}},
            "PavedRoad-CloudFormation-2",
        ),
        (
            "AWS::CloudFormation::StackSet",
            {
                "AutoDeployment": {"Enabled": True},
                "StackInstancesGroup": [{"DeploymentTargets": {"AccountFilterType": "INTERSECTION"}}],
            },
            "PavedRoad-CloudFormation-3",
        ),
        (
            "AWS::Config::ConfigurationAggregator",
            {"OrganizationAggregationSource": {"AllAwsRegions": False}},
            "PavedRoad-Config-1",
        ),
        ("AWS::Config::ConfigurationRecorder", {"RecordingGroup": {"AllSupported": False}}, "PavedRoad-Config-2"),
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
        ("AWS::DynamoDB::GlobalTable", {"Replicas": [{"Region": "eu-west-1"}]}, "PavedRoad-DynamoDB-3"),
        ("AWS::ElastiCache::User", {"AuthenticationMode": {"Type": "password"}}, "PavedRoad-ElastiCache-9"),
        ("AWS::ElastiCache::User", {"AccessString": "on ~* +@all"}, "PavedRoad-ElastiCache-10"),
        ("AWS::ElastiCache::User", {"UserName": "default", "AccessString": "on"}, "PavedRoad-ElastiCache-11"),
        ("AWS::Cassandra::Table", {"PointInTimeRecoveryEnabled": False}, "PavedRoad-Keyspaces-3"),
        ("AWS::Lambda::Function", {"VpcConfig": {"SubnetIds": ["subnet-1"]}}, "PavedRoad-Lambda-3"),
        ("AWS::Lambda::EventSourceMapping", {}, "PavedRoad-Lambda-6"),
        ("AWS::Lambda::EventSourceMapping", {"StartingPosition": "LATEST"}, "PavedRoad-Lambda-7"),
        ("AWS::Lambda::EventSourceMapping", {"StartingPosition": "LATEST"}, "PavedRoad-Lambda-8"),
        ("AWS::Lambda::Url", {"AuthType": "NONE"}, "PavedRoad-Lambda-11"),
        ("AWS::Scheduler::Schedule", {}, "PavedRoad-Scheduler-1"),
        ("AWS::Scheduler::Schedule", {"Target": {}}, "PavedRoad-Scheduler-2"),
        ("AWS::SQS::Queue", {}, "PavedRoad-SQS-1"),
        ("AWS::SQS::Queue", {}, "PavedRoad-SQS-2"),
        ("AWS::SNS::Subscription", {"Protocol": "sqs"}, "PavedRoad-SNS-6"),
        ("AWS::Scheduler::Schedule", {"Target": {}}, "PavedRoad-Scheduler-1"),
        (
            "AWS::Scheduler::Schedule",
            {"Target": {"EcsParameters": {"EnableExecuteCommand": True}}},
            "PavedRoad-Scheduler-5",
        ),
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "arn"}]}},
            "PavedRoad-Scheduler-7",
        ),
        ("AWS::EC2::LaunchTemplate", {}, "PavedRoad-LaunchTemplate-1"),
        ("AWS::ImageBuilder::InfrastructureConfiguration", {"KeyPair": "builders"}, "PavedRoad-ImageBuilder-12"),
        ("AWS::ImageBuilder::ContainerRecipe", {"InstanceConfiguration": {}}, "PavedRoad-ImageBuilder-4"),
        (
            "AWS::ImageBuilder::LifecyclePolicy",
            {
                "ResourceType": "CONTAINER_IMAGE",
                "PolicyDetails": [{"Action": {"IncludeResources": {"Containers": False}}}],
            },
            "PavedRoad-ImageBuilder-22",
        ),
        (
            "AWS::KMS::Key",
            {
                "KeyPolicy": {
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"AWS": "111111111111"}, "Action": "kms:CreateGrant"}
                    ]
                }
            },
            "PavedRoad-KMS-7",
        ),
        ("AWS::ECR::Repository", {"EncryptionConfiguration": {"EncryptionType": "KMS"}}, "PavedRoad-ECR-4"),
        (
            "AWS::CodeArtifact::Repository",
            {
                "PermissionsPolicyDocument": {
                    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "codeartifact:ReadFromRepository"}]
                }
            },
            "PavedRoad-CodeArtifact-3",
        ),
        (
            "AWS::CodeArtifact::PackageGroup",
            {
                "OriginConfiguration": {
                    "Restrictions": {
                        "Publish": {"RestrictionMode": "ALLOW"},
                        "ExternalUpstream": {"RestrictionMode": "BLOCK"},
                    }
                }
            },
            "PavedRoad-CodeArtifactGroup-2",
        ),
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


def test_an_endpoint_may_be_public_to_named_ranges() -> None:
    access = {"EndpointPublicAccess": True, "PublicAccessCidrs": ["203.0.113.0/24"]}
    body = {"Resources": {"Named": {"Type": "AWS::EKS::Cluster", "Properties": {"ResourcesVpcConfig": access}}}}
    found = OwnRules().run([FinishedTemplate(name="t", body=body)])
    assert "PavedRoad-EKS-2" not in [finding.rule for finding in found]


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        # What is the cluster's is no matter of its members, nor the administrator one of a secondary.
        ("AWS::RDS::DBInstance", {"DBClusterIdentifier": "orders"}),
        ("AWS::RDS::DBCluster", {"GlobalClusterIdentifier": "world"}),
        ("AWS::RDS::DBCluster", {"MasterUserPassword": {"Fn::Join": ["", ["{{resolve:secretsmanager:orders}}"]]}}),
    ],
)
def test_what_a_resource_has_from_another_is_not_asked_of_it(resource_type: str, properties: dict[str, object]) -> None:
    body = {"Resources": {"Good": {"Type": resource_type, "Properties": properties}}}
    found = {finding.rule for finding in OwnRules().run([FinishedTemplate(name="t", body=body)])}
    inherited = {"PavedRoad-RDS-1", "PavedRoad-RDS-3", "PavedRoad-RDS-5", "PavedRoad-RDS-8", "PavedRoad-Aurora-10"}
    assert found & inherited == set()


def _broken(resources: dict[str, Any], name: str = "library-LambdaService") -> set[str]:
    found = OwnRules().run([FinishedTemplate(name=name, body={"Resources": resources})])
    return {finding.rule for finding in found}


def _resource(resource_type: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{resource_type}", "Properties": properties}


def test_events_for_a_function_need_a_dead_letter_queue() -> None:
    rule = _resource("Events::Rule", Targets=[{"Arn": {"Ref": "Target"}}])
    assert "PavedRoad-Lambda-9" in _broken({"Rule": rule, "Target": _resource("Lambda::Alias")})
    assert "PavedRoad-Lambda-9" not in _broken({"Rule": rule, "Target": _resource("SNS::Topic")})


@pytest.mark.parametrize("rule", ["PavedRoad-CodeDeploy-1", "PavedRoad-CodeDeploy-2"])
def test_deployments_of_functions_roll_back(rule: str) -> None:
    group = _resource("CodeDeploy::DeploymentGroup", ApplicationName={"Ref": "Application"})
    for platform, is_broken in (("Lambda", True), ("Server", False)):
        application = _resource("CodeDeploy::Application", ComputePlatform=platform)
        assert (rule in _broken({"Group": group, "Application": application})) is is_broken


def test_the_code_of_a_function_makes_no_network_interfaces() -> None:
    allows = {"Effect": "Allow", "Action": "ec2:CreateNetworkInterface", "Resource": "arn:aws:ec2:::subnet/*"}
    policy = _resource("IAM::ManagedPolicy", Roles=[{"Ref": "Role"}], PolicyDocument={"Statement": [allows]})
    role = _resource("IAM::Role", AssumeRolePolicyDocument={"Statement": []})
    of_a_function = _resource("Lambda::Function", Role={"Fn::GetAtt": ["Role", "Arn"]})
    assert "PavedRoad-Lambda-4" in _broken({"Policy": policy, "Role": role, "Function": of_a_function})
    assert "PavedRoad-Lambda-4" not in _broken({"Policy": policy, "Role": role})


def test_a_service_is_traced() -> None:
    function = _resource("Lambda::Function", TracingConfig={"Mode": "PassThrough"})
    assert "PavedRoad-Lambda-2" in _broken({"Function": function})
    assert "PavedRoad-Lambda-2" not in _broken({"Function": function}, name="pavedroad-catalog")


def test_the_role_of_a_service_is_for_functions_of_its_account() -> None:
    trusts = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    role = _resource("IAM::Role", AssumeRolePolicyDocument={"Statement": [trusts]})
    resources = {"Role": role, "Function": _resource("Lambda::Function", Role={"Fn::GetAtt": ["Role", "Arn"]})}
    assert "PavedRoad-Lambda-5" in _broken(resources)
    assert "PavedRoad-Lambda-5" not in _broken(resources, name="pavedroad-catalog")  # a custom resource's


def test_statement_requirements() -> None:
    service = {"Effect": "Allow", "Action": "*", "Principal": {"Service": "events.amazonaws.com"}}
    assert not names_actions(service)
    assert not conditions_services(service)
    assert conditions_services(service | {"Condition": {"StringEquals": {"aws:SourceAccount": "111111111111"}}})
    everybody = {"Effect": "Allow", "Action": "kms:Decrypt", "Principal": {"AWS": "*"}}
    assert not names_principals(everybody)
    assert not names_principals(everybody | {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}})
    assert names_principals(everybody | {"Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::1:role/a"}}})
    account = {"Effect": "Allow", "Action": ["kms:Decrypt"], "Principal": {"AWS": "arn:aws:iam::111111111111:root"}}
    assert not conditions_accounts(account)
    assert conditions_accounts(account | {"Condition": {"StringEquals": {"kms:ViaService": "s3.eu-west-1"}}})
    assert conditions_accounts(account | {"Action": "kms:*"})
    by_id = {"Fn::If": ["Shares", {"Ref": "SharedAccounts"}, [{"Ref": "AWS::AccountId"}]]}
    assert not conditions_accounts(account | {"Principal": {"AWS": by_id}})
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


def test_a_whole_account_is_let_in_on_a_condition() -> None:
    statement = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::777777777777:root"}, "Action": "s3:GetObject"}
    deployer = {"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::777777777777:role/deploy"}}
    assert not conditions_whole_accounts(statement)
    assert conditions_whole_accounts({**statement, "Condition": deployer})
    assert conditions_whole_accounts({**statement, "Principal": {"AWS": "arn:aws:iam::777777777777:role/deploy"}})
