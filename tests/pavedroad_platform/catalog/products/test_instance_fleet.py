import re

import pytest
from aws_cdk import aws_ec2 as ec2


@pytest.fixture
def template(templates):
    return templates["instance-fleet"]


@pytest.fixture
def by_type(template):
    return {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}


def test_each_instance_that_starts_has_the_image_that_the_parameter_names_then(template, by_type) -> None:
    assert template["Parameters"]["Image"]["Type"] == "AWS::SSM::Parameter::Name"
    data = by_type["AWS::EC2::LaunchTemplate"]["LaunchTemplateData"]
    assert data["ImageId"] == {"Fn::Join": ["", ["resolve:ssm:", {"Ref": "Image"}]]}


@pytest.mark.parametrize(
    ("name", "is_taken"),
    [
        ("/imagebuilder/orders/base", True),
        ("/aws/service/ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64", True),
        ("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", False),
        ("/paved-road/tags/team", False),
        ("ami-0123456789abcdef0", False),
    ],
)
def test_images_are_amazon_linux_or_the_teams_own(template, name, is_taken) -> None:
    assert bool(re.fullmatch(template["Parameters"]["Image"]["AllowedPattern"], name)) is is_taken


def test_another_type_of_the_same_size_stands_in_for_each(template, by_type) -> None:
    similar = template["Mappings"]["SimilarTypes"]
    assert list(similar) == template["Parameters"]["InstanceType"]["AllowedValues"]
    for chosen, other in similar.items():
        assert chosen.partition(".")[2] == other["Type"].partition(".")[2]
        assert chosen != other["Type"]
        for name in (chosen, other["Type"]):
            assert ec2.InstanceType(name).architecture is ec2.InstanceArchitecture.X86_64
    overrides = by_type["AWS::AutoScaling::AutoScalingGroup"]["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]
    assert [override["InstanceType"] for override in overrides] == [
        {"Ref": "InstanceType"},
        {"Fn::FindInMap": ["SimilarTypes", {"Ref": "InstanceType"}, "Type"]},
    ]


def test_the_form_decides_size_and_load(by_type) -> None:
    group = by_type["AWS::AutoScaling::AutoScalingGroup"]
    assert (group["MinSize"], group["MaxSize"]) == ({"Ref": "MinInstances"}, {"Ref": "MaxInstances"})
    tracking = by_type["AWS::AutoScaling::ScalingPolicy"]["TargetTrackingConfiguration"]
    assert tracking["TargetValue"] == {"Ref": "CpuPercent"}
    (volume,) = by_type["AWS::EC2::LaunchTemplate"]["LaunchTemplateData"]["BlockDeviceMappings"]
    assert volume["Ebs"]["VolumeSize"] == {"Ref": "VolumeGiB"}


def test_instances_are_in_every_subnet_that_was_chosen(template, by_type) -> None:
    assert by_type["AWS::AutoScaling::AutoScalingGroup"]["VPCZoneIdentifier"] == {"Ref": "PrivateSubnetIds"}
    assert set(template["Rules"]) == {"PrivateSubnetIdsInVpc"}


def test_a_batch_can_always_be_replaced_beside_an_instance_in_service(template) -> None:
    (group,) = (r for r in template["Resources"].values() if r["Type"] == "AWS::AutoScaling::AutoScalingGroup")
    in_service = group["UpdatePolicy"]["AutoScalingRollingUpdate"]["MinInstancesInService"]
    assert template["Parameters"]["MaxInstances"]["MinValue"] > in_service


def test_the_alarm_tells_when_fewer_serve_than_the_form_says(template) -> None:
    alarms = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::CloudWatch::Alarm"]
    assert {"Ref": "MinInstances"} in [alarm["Threshold"] for alarm in alarms]
