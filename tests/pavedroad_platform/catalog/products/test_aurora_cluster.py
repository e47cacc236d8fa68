import itertools

import pytest

from pavedroad_platform.catalog import products
from pavedroad_platform.launching.form import Form, Rule
from pavedroad_platform.launching.rules import broken_rules

PRODUCT = products.load("aurora-cluster")


@pytest.fixture
def template(templates):
    return templates["aurora-cluster"]


@pytest.fixture
def by_type(template):
    found = {}
    for resource in template["Resources"].values():
        found.setdefault(resource["Type"], []).append(resource["Properties"])
    return found


def test_the_form_decides_version_capacity_and_safety(by_type) -> None:
    (cluster,) = by_type["AWS::RDS::DBCluster"]
    assert cluster["Engine"] == "aurora-postgresql"
    assert cluster["EngineVersion"] == {"Ref": "EngineVersion"}
    assert cluster["ServerlessV2ScalingConfiguration"] == {
        "MinCapacity": {"Ref": "MinimumCapacity"},
        "MaxCapacity": {"Ref": "MaximumCapacity"},
    }
    assert cluster["BackupRetentionPeriod"] == {"Ref": "BackupRetentionDays"}
    assert cluster["DeletionProtection"] == {"Ref": "DeletionProtection"}


def test_the_parameter_group_is_of_the_major_version(by_type) -> None:
    (group,) = by_type["AWS::RDS::DBClusterParameterGroup"]
    major = {"Fn::Select": [0, {"Fn::Split": [".", {"Ref": "EngineVersion"}]}]}
    assert group["Family"] == {"Fn::Join": ["", ["aurora-postgresql", major]]}
    assert group["Parameters"]["rds.force_ssl"] == "1"


def test_writer_and_reader_stand_in_the_two_zones(template, by_type) -> None:
    first, second = {"Ref": "FirstZone"}, {"Ref": "SecondZone"}
    assert [instance["AvailabilityZone"] for instance in by_type["AWS::RDS::DBInstance"]] == [first, second, first]
    rules = {name: rule["Assertions"][0]["Assert"] for name, rule in template["Rules"].items()}
    zones = {"Fn::ValueOf": ["SubnetIds", "AvailabilityZone"]}
    assert rules["FirstZoneHasSubnets"] == {"Fn::Contains": [zones, first]}
    assert rules["SecondZoneHasSubnets"] == {"Fn::Contains": [zones, second]}
    assert rules["TwoZones"] == {"Fn::Not": [{"Fn::Equals": [first, second]}]}
    assert by_type["AWS::RDS::DBSubnetGroup"][0]["SubnetIds"] == {"Ref": "SubnetIds"}


def test_there_are_as_many_readers_as_asked(template) -> None:
    conditions = [
        resource.get("Condition")
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::RDS::DBInstance"
    ]
    assert conditions == [None, "HasReaders1", "HasReaders2"]
    one, two = ({"Fn::Equals": [{"Ref": "Readers"}, count]} for count in "12")
    assert template["Conditions"]["HasReaders1"] == {"Fn::Or": [one, two]}
    assert template["Conditions"]["HasReaders2"] == two


def test_events_are_told_of_those_readers_that_there_are(by_type) -> None:
    (members,) = (
        subscription["SourceIds"]
        for subscription in by_type["AWS::RDS::EventSubscription"]
        if subscription["SourceType"] == "db-instance"
    )
    assert [each["Fn::If"][0] for each in members if "Fn::If" in each] == ["HasReaders1", "HasReaders2"]
    assert len(members) == 3


def test_the_minimum_is_never_above_the_maximum(template) -> None:
    rule = template["Rules"]["MinimumNotAboveMaximum"]
    (assertion,) = rule["Assertions"]
    told = [assertion["AssertDescription"]]
    rules = [Rule(condition=None, assertions=[assertion["Assert"]], descriptions=told)]
    form = Form(fields={}, groups={}, rules=rules, tags={}, outputs={})
    allowed = {parameter.name: parameter.allowed_values for parameter in PRODUCT.parameters}
    for least, most in itertools.product(allowed["MinimumCapacity"], allowed["MaximumCapacity"]):
        values = {"MinimumCapacity": least, "MaximumCapacity": most}
        assert broken_rules(form, values) == ([] if float(least) <= float(most) else told)


def test_only_the_addresses_that_were_named_connect(by_type) -> None:
    (group,) = by_type["AWS::EC2::SecurityGroup"]
    (rule,) = group["SecurityGroupIngress"]
    assert rule["CidrIp"] == {"Ref": "ClientAddressRange"}
    assert rule["FromPort"] == rule["ToPort"] == 15432


def test_the_cluster_keeps_its_logical_id(template) -> None:
    (cluster,) = (k for k, r in template["Resources"].items() if r["Type"] == "AWS::RDS::DBCluster")
    assert cluster == "Cluster9EE0221C"
