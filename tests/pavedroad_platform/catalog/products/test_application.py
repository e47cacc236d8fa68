import json

import pytest


@pytest.fixture
def template(templates):
    return templates["application"]


@pytest.fixture
def by_type(template):
    return {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}


def logical_ids(template, kind: str) -> list[str]:
    return [name for name, resource in template["Resources"].items() if resource["Type"] == kind]


def test_the_form_is_the_smallest_that_says_what_to_run_and_where(template) -> None:
    asked = [name for name, parameter in template["Parameters"].items() if "Default" not in parameter]
    assert asked == [
        "Image",
        "VpcId",
        "PublicSubnetIds",
        "PrivateSubnetIds",
        "IsolatedSubnetIds",
        "CertificateArn",
        "AlarmEmail",
    ]


def test_each_tier_is_in_every_subnet_that_was_chosen_for_it(template, by_type) -> None:
    assert by_type["AWS::ElasticLoadBalancingV2::LoadBalancer"]["Subnets"] == {"Ref": "PublicSubnetIds"}
    network = by_type["AWS::ECS::Service"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["Subnets"] == {"Ref": "PrivateSubnetIds"}
    assert by_type["AWS::RDS::DBSubnetGroup"]["SubnetIds"] == {"Ref": "IsolatedSubnetIds"}
    assert set(template["Rules"]) == {"IsolatedSubnetIdsInVpc", "PrivateSubnetIdsInVpc", "PublicSubnetIdsInVpc"}


def test_the_container_finds_its_database_and_its_bucket(by_type) -> None:
    (container,) = (
        each for each in by_type["AWS::ECS::TaskDefinition"]["ContainerDefinitions"] if each["Name"] == "application"
    )
    assert container["Image"] == {"Ref": "Image"}
    assert {"BUCKET_NAME", "DATABASE_HOST", "DATABASE_NAME", "DATABASE_PORT", "DATABASE_USER"} <= {
        variable["Name"] for variable in container["Environment"]
    }


def test_the_form_decides_the_size_of_tasks_and_database(by_type) -> None:
    task = by_type["AWS::ECS::TaskDefinition"]
    assert task["Cpu"] == {"Fn::FindInMap": ["TaskSizes", {"Ref": "TaskSize"}, "Cpu"]}
    capacity = by_type["AWS::RDS::DBCluster"]["ServerlessV2ScalingConfiguration"]
    assert capacity == {"MinCapacity": 1, "MaxCapacity": {"Ref": "DatabaseMaxCapacity"}}


def test_the_form_says_why_there_is_always_a_database(template) -> None:
    assert "always made" in template["Parameters"]["DatabaseMaxCapacity"]["Description"]
    assert not [r for r in template["Resources"].values() if "Condition" in r]


def test_deletion_protection_is_the_teams_decision(by_type) -> None:
    attributes = by_type["AWS::ElasticLoadBalancingV2::LoadBalancer"]["LoadBalancerAttributes"]
    values = {attribute["Key"]: attribute["Value"] for attribute in attributes}
    assert values["deletion_protection.enabled"] == {"Ref": "DeletionProtection"}
    assert by_type["AWS::RDS::DBCluster"]["DeletionProtection"] == {"Ref": "DeletionProtection"}


def test_the_team_hears_of_every_alarm(template) -> None:
    topics = set(logical_ids(template, "AWS::SNS::Topic"))
    subscriptions = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::SNS::Subscription"]
    assert {subscription["TopicArn"]["Ref"] for subscription in subscriptions} == topics
    assert [subscription["Endpoint"] for subscription in subscriptions] == [{"Ref": "AlarmEmail"}] * len(topics)
    alarms = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    assert all({action["Ref"] for action in alarm["AlarmActions"]} <= topics for alarm in alarms)


def test_everything_is_encrypted_with_one_key(template) -> None:
    (key,) = logical_ids(template, "AWS::KMS::Key")
    for kind in ("AWS::RDS::DBCluster", "AWS::SNS::Topic", "AWS::Backup::BackupVault"):
        for name in logical_ids(template, kind):
            assert key in json.dumps(template["Resources"][name])


def test_what_holds_data_keeps_its_logical_id(template) -> None:
    assert logical_ids(template, "AWS::RDS::DBCluster") == ["WebApplicationDatabase47338AF8"]
    assert "WebApplicationBucket6089B6F7" in logical_ids(template, "AWS::S3::Bucket")
