"""Stacks: validation in CloudFormation's words, replacement, attributes, rollback."""

from typing import Any

import pytest


def test_properties_are_checked_against_the_schema_and_the_stack_rolls_back(emulator: Any) -> None:
    resources = {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Pipeline": {
            "Type": "AWS::CodePipeline::Pipeline",
            "DependsOn": "Topic",
            "Properties": {"Colour": "red", "RoleArn": "arn:aws:iam::666666666666:role/x"},
        },
    }
    with pytest.raises(RuntimeError) as failed:
        emulator.deploy(resources)
    message = str(failed.value)
    assert message.startswith("ROLLBACK_COMPLETE: Properties validation failed for resource with message:")
    assert "#: extraneous key [Colour] is not permitted" in message
    assert "#: required key [Stages] not found" in message


def test_values_are_checked(emulator: Any) -> None:
    with pytest.raises(RuntimeError, match=r"#/MessageRetentionPeriod: 'soon' is not of type 'integer'"):
        emulator.deploy({"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": "soon"}}})


def test_ref_and_attributes_of_a_type_without_a_service(emulator: Any) -> None:
    stack = emulator.deploy(
        {
            "Repository": {
                "Type": "AWS::CodeArtifact::Domain",
                "Properties": {"DomainName": "packages"},
            }
        },
        outputs={"Ref": {"Ref": "Repository"}, "Owner": {"Fn::GetAtt": ["Repository", "Owner"]}},
    )
    assert stack["Ref"] == "arn:aws:codeartifact:eu-west-1:666666666666:domain/packages"
    emulator.delete(stack["StackName"])


def test_a_changed_create_only_property_replaces(emulator: Any) -> None:
    def resources(group: str) -> dict[str, Any]:
        return {"Group": {"Type": "AWS::CodeArtifact::Domain", "Properties": {"DomainName": group}}}

    arn = {"Arn": {"Ref": "Group"}}
    first = emulator.deploy(resources("one"), outputs=arn)
    second = emulator.deploy(resources("two"), outputs=arn, name=first["StackName"])
    assert first["Arn"] != second["Arn"]
    listed = emulator.client("cloudcontrol").list_resources(TypeName="AWS::CodeArtifact::Domain")[
        "ResourceDescriptions"
    ]
    assert [item["Identifier"] for item in listed] == [second["Arn"]]
    emulator.delete(first["StackName"])


def test_ref_of_an_instance_profile_is_its_name_and_of_a_secret_its_arn(emulator: Any) -> None:
    role = {"AssumeRolePolicyDocument": emulator.trusting({"Service": "ec2.amazonaws.com"})}
    stack = emulator.deploy(
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Profile": {
                "Type": "AWS::IAM::InstanceProfile",
                "Properties": {"InstanceProfileName": "profile-under-test", "Roles": [{"Ref": "Role"}]},
            },
            "Secret": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"GenerateSecretString": {"PasswordLength": 30}},
            },
        },
        outputs={"Profile": {"Ref": "Profile"}, "Secret": {"Ref": "Secret"}},
    )
    assert stack["Profile"] == "profile-under-test"
    assert stack["Secret"].startswith("arn:aws:secretsmanager:eu-west-1:666666666666:secret:")
    assert emulator.client("secretsmanager").get_secret_value(SecretId=stack["Secret"])["SecretString"]
    emulator.delete(stack["StackName"])
    assert emulator.client("iam").list_instance_profiles()["InstanceProfiles"] == []


def test_types_are_made_through_the_services_own_api(emulator: Any) -> None:
    stack = emulator.deploy(
        {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
            "Subnet": {
                "Type": "AWS::EC2::Subnet",
                "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.9.0.0/24"},
            },
            "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
            "Nat": {
                "Type": "AWS::EC2::NatGateway",
                "Properties": {
                    "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]},
                    "SubnetId": {"Ref": "Subnet"},
                    "Tags": [{"Key": "team", "Value": "orders"}],
                },
            },
            "Acl": {"Type": "AWS::EC2::NetworkAcl", "Properties": {"VpcId": {"Ref": "Vpc"}}},
            "Entry": {
                "Type": "AWS::EC2::NetworkAclEntry",
                "Properties": {
                    "NetworkAclId": {"Ref": "Acl"},
                    "RuleNumber": 100,
                    "Protocol": 6,
                    "RuleAction": "allow",
                    "CidrBlock": "10.0.0.0/8",
                    "PortRange": {"From": 443, "To": 443},
                },
            },
            "Archive": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "flow-logs-under-test"}},
            "Flow": {
                "Type": "AWS::EC2::FlowLog",
                "Properties": {
                    "ResourceId": {"Ref": "Vpc"},
                    "ResourceType": "VPC",
                    "TrafficType": "ALL",
                    "LogDestinationType": "s3",
                    "LogDestination": {"Fn::GetAtt": ["Archive", "Arn"]},
                },
            },
        },
        outputs={"Vpc": {"Ref": "Vpc"}, "Nat": {"Ref": "Nat"}, "Flow": {"Ref": "Flow"}},
    )
    ec2 = emulator.client("ec2")
    nat = ec2.describe_nat_gateways(NatGatewayIds=[stack["Nat"]])["NatGateways"][0]
    assert {"Key": "team", "Value": "orders"} in nat["Tags"]
    assert ec2.describe_flow_logs(FlowLogIds=[stack["Flow"]])["FlowLogs"][0]["ResourceId"] == stack["Vpc"]
    acls = ec2.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [stack["Vpc"]]}])["NetworkAcls"]
    rules = [(entry["RuleNumber"], entry["CidrBlock"]) for acl in acls for entry in acl["Entries"]]
    assert (100, "10.0.0.0/8") in rules
    emulator.delete(stack["StackName"])
    assert ec2.describe_flow_logs()["FlowLogs"] == []


def test_governance_types_are_made_through_the_services_own_api(emulator: Any) -> None:
    account = "333333333333"
    stack = emulator.deploy(
        {
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "trail-under-test"}},
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": emulator.trusting({"Service": "config.amazonaws.com"})},
            },
            "Trail": {
                "Type": "AWS::CloudTrail::Trail",
                "Properties": {
                    "TrailName": "organization",
                    "S3BucketName": {"Ref": "Bucket"},
                    "IsLogging": True,
                    "IsMultiRegionTrail": True,
                    "EnableLogFileValidation": True,
                },
            },
            "Recorder": {
                "Type": "AWS::Config::ConfigurationRecorder",
                "Properties": {
                    "Name": "default",
                    "RoleARN": {"Fn::GetAtt": ["Role", "Arn"]},
                    "RecordingGroup": {"AllSupported": True, "IncludeGlobalResourceTypes": True},
                },
            },
            "Channel": {
                "Type": "AWS::Config::DeliveryChannel",
                "Properties": {
                    "Name": "default",
                    "S3BucketName": {"Ref": "Bucket"},
                    "ConfigSnapshotDeliveryProperties": {"DeliveryFrequency": "Six_Hours"},
                },
            },
            "Rule": {
                "Type": "AWS::Config::ConfigRule",
                "DependsOn": ["Recorder", "Channel"],
                "Properties": {
                    "ConfigRuleName": "encrypted-volumes",
                    "Source": {"Owner": "AWS", "SourceIdentifier": "ENCRYPTED_VOLUMES"},
                },
            },
            "Budget": {
                "Type": "AWS::Budgets::Budget",
                "Properties": {
                    "Budget": {
                        "BudgetName": "monthly",
                        "BudgetType": "COST",
                        "TimeUnit": "MONTHLY",
                        "BudgetLimit": {"Amount": 100, "Unit": "USD"},
                    },
                    "NotificationsWithSubscribers": [
                        {
                            "Notification": {
                                "NotificationType": "ACTUAL",
                                "ComparisonOperator": "GREATER_THAN",
                                "Threshold": 80,
                            },
                            "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "team@example.com"}],
                        }
                    ],
                },
            },
        },
        outputs={"Budget": {"Ref": "Budget"}},
        account=account,
    )
    trail = emulator.client("cloudtrail", account).get_trail(Name="organization")["Trail"]
    assert trail["IsMultiRegionTrail"] is True
    assert trail["LogFileValidationEnabled"] is True
    assert emulator.client("cloudtrail", account).get_trail_status(Name="organization")["IsLogging"] is True
    config = emulator.client("config", account)
    assert config.describe_configuration_recorder_status()["ConfigurationRecordersStatus"][0]["recording"] is True
    assert config.describe_delivery_channels()["DeliveryChannels"][0]["s3BucketName"] == "trail-under-test"
    assert config.describe_config_rules()["ConfigRules"][0]["ConfigRuleName"] == "encrypted-volumes"
    assert stack["Budget"] == "monthly"
    budgets = emulator.client("budgets", account).describe_budgets(AccountId=account)["Budgets"]
    assert budgets[0]["BudgetLimit"]["Unit"] == "USD"
    emulator.delete(stack["StackName"], account)


def test_a_custom_resource_in_python_runs(emulator: Any) -> None:
    code = (
        "import boto3, cfnresponse\n"
        "def handler(event, context):\n"
        "    account = boto3.client('sts').get_caller_identity()['Account']\n"
        "    cfnresponse.send(event, context, cfnresponse.SUCCESS, {'Account': account}, 'the-id')\n"
    )
    role = {"AssumeRolePolicyDocument": emulator.trusting({"Service": "lambda.amazonaws.com"})}
    stack = emulator.deploy(
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.12",
                    "Handler": "index.handler",
                    "Code": {"ZipFile": code},
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                },
            },
            "Custom": {
                "Type": "Custom::Account",
                "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": 20},
            },
        },
        outputs={"Id": {"Ref": "Custom"}, "Account": {"Fn::GetAtt": ["Custom", "Account"]}},
    )
    assert (stack["Id"], stack["Account"]) == ("the-id", "666666666666")
    emulator.delete(stack["StackName"])
