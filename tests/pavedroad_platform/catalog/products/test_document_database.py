import pytest


@pytest.fixture
def template(templates):
    return templates["document-database"]


@pytest.fixture
def by_type(template):
    found = {}
    for resource in template["Resources"].values():
        found.setdefault(resource["Type"], []).append(resource["Properties"])
    return found


def test_the_form_decides_size_backups_and_protection(by_type) -> None:
    (cluster,) = by_type["AWS::DocDB::DBCluster"]
    assert cluster["BackupRetentionPeriod"] == {"Ref": "BackupRetentionDays"}
    assert cluster["DeletionProtection"] == {"Ref": "DeletionProtection"}
    assert by_type["AWS::DocDB::DBSubnetGroup"][0]["SubnetIds"] == {"Ref": "SubnetIds"}
    sizes = [instance["DBInstanceClass"] for instance in by_type["AWS::DocDB::DBInstance"]]
    assert sizes == [{"Fn::Join": ["", ["db.", {"Ref": "InstanceClass"}]]}] * 3


def test_primary_and_replica_stand_in_the_two_zones(template, by_type) -> None:
    first, second = {"Ref": "FirstZone"}, {"Ref": "SecondZone"}
    assert [instance["AvailabilityZone"] for instance in by_type["AWS::DocDB::DBInstance"]] == [first, second, first]
    assert {"FirstZoneHasSubnets", "SecondZoneHasSubnets", "SubnetIdsInVpc", "TwoZones"} == set(template["Rules"])


def test_there_are_as_many_replicas_as_asked_and_events_of_those_alone(template, by_type) -> None:
    instances = [r for r in template["Resources"].values() if r["Type"] == "AWS::DocDB::DBInstance"]
    assert [instance.get("Condition") for instance in instances] == [None, "HasReplicas1", "HasReplicas2"]
    (members,) = (
        subscription["SourceIds"]
        for subscription in by_type["AWS::DocDB::EventSubscription"]
        if subscription["SourceType"] == "db-instance"
    )
    assert [each["Fn::If"][0] for each in members if "Fn::If" in each] == ["HasReplicas1", "HasReplicas2"]


def test_only_the_addresses_that_were_named_connect(by_type) -> None:
    (group,) = by_type["AWS::EC2::SecurityGroup"]
    (rule,) = group["SecurityGroupIngress"]
    assert rule["CidrIp"] == {"Ref": "ClientAddressRange"}
    assert rule["FromPort"] == rule["ToPort"] == 27117


def test_the_database_keeps_its_logical_id(template) -> None:
    (cluster,) = (k for k, r in template["Resources"].items() if r["Type"] == "AWS::DocDB::DBCluster")
    assert cluster == "DatabaseB269D8BB"
