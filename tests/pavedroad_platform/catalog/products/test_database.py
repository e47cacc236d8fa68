import pytest


@pytest.fixture
def by_type(templates):
    return {resource["Type"]: resource["Properties"] for resource in templates["database"]["Resources"].values()}


def test_the_form_decides_size_standby_and_protection(by_type) -> None:
    instance = by_type["AWS::RDS::DBInstance"]
    assert instance["DBInstanceClass"] == {"Fn::Join": ["", ["db.", {"Ref": "InstanceClass"}]]}
    assert instance["AllocatedStorage"] == {"Ref": "StorageGiB"}
    assert instance["MultiAZ"] == {"Ref": "Standby"}
    assert instance["BackupRetentionPeriod"] == {"Ref": "BackupRetentionDays"}
    assert instance["DeletionProtection"] == {"Ref": "DeletionProtection"}


def test_the_database_is_in_every_subnet_that_was_chosen(templates, by_type) -> None:
    assert by_type["AWS::RDS::DBSubnetGroup"]["SubnetIds"] == {"Ref": "SubnetIds"}
    (assertion,) = templates["database"]["Rules"]["SubnetIdsInVpc"]["Assertions"]
    assert assertion["Assert"] == {"Fn::EachMemberEquals": [{"Fn::ValueOf": ["SubnetIds", "VpcId"]}, {"Ref": "VpcId"}]}


def test_only_the_addresses_that_were_named_connect(by_type) -> None:
    (rule,) = by_type["AWS::EC2::SecurityGroup"]["SecurityGroupIngress"]
    assert rule["CidrIp"] == {"Ref": "ClientAddressRange"}
    assert rule["FromPort"] == rule["ToPort"] == 15432


def test_the_database_keeps_its_logical_id(templates) -> None:
    (instance,) = (k for k, r in templates["database"]["Resources"].items() if r["Type"] == "AWS::RDS::DBInstance")
    assert instance == "DatabaseF44359DD"
