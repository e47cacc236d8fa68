from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import Volume
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.security.roles import ManagedPolicyRole

Findings = Callable[[cdk.Stack], list[str]]
ZONE = "eu-west-1a"


def properties(template: Template) -> dict[str, Any]:
    (resource,) = template.find_resources("AWS::EC2::Volume").values()
    found: dict[str, Any] = resource["Properties"]
    return found


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def test_is_a_gp3_volume_encrypted_with_its_own_rotated_key(stack: cdk.Stack) -> None:
    volume = Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
    template = Template.from_stack(stack)
    assert properties(template)["VolumeType"] == "gp3"
    assert properties(template)["Size"] == 100
    assert properties(template)["Encrypted"] is True
    assert properties(template)["KmsKeyId"] == stack.resolve(volume.encryption_key.key_arn)
    template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})


def test_outlives_its_stack(stack: cdk.Stack) -> None:
    Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
    template = Template.from_stack(stack)
    for resource_type in ("AWS::EC2::Volume", "AWS::KMS::Key"):
        template.all_resources(resource_type, {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"})


def test_may_leave_a_snapshot_instead(stack: cdk.Stack) -> None:
    Volume(stack, "Volume", availability_zone=ZONE, size_gib=100, removal_policy=cdk.RemovalPolicy.SNAPSHOT)
    Template.from_stack(stack).has_resource("AWS::EC2::Volume", {"DeletionPolicy": "Snapshot"})
    assert warnings(stack) == []


def test_not_kept_leaves_a_warning(stack: cdk.Stack) -> None:
    Volume(stack, "Volume", availability_zone=ZONE, size_gib=100, removal_policy=cdk.RemovalPolicy.DESTROY)
    assert ["pavedroad:volume-not-retained" in text for text in warnings(stack)] == [True]


def test_packs_find_nothing(stack: cdk.Stack, pack_findings: Findings) -> None:
    Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
    assert pack_findings(stack) == []
    assert warnings(stack) == []


def test_speed_and_snapshot(stack: cdk.Stack) -> None:
    key = kms.Key.from_key_arn(stack, "Key", "arn:aws:kms:eu-west-1:111111111111:key/abc")
    Volume(
        stack,
        "Volume",
        availability_zone=ZONE,
        snapshot_id="snap-0123456789abcdef0",
        iops=4000,
        throughput_mibps=1000,
        encryption_key=key,
    )
    template = Template.from_stack(stack)
    found = properties(template)
    assert (found["Iops"], found["Throughput"], found["SnapshotId"]) == (4000, 1000, "snap-0123456789abcdef0")
    assert "Size" not in found
    template.resource_count_is("AWS::KMS::Key", 0)


class TestGrantAttach:
    def test_reaches_the_volume_and_tagged_instances_and_gives_the_key_to_ec2(
        self, stack: cdk.Stack, pack_findings: Findings
    ) -> None:
        role = ManagedPolicyRole(
            stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"), description="Orders"
        )
        volume = Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
        assert volume.grant_attach(role, instance_tags={"application": "orders"}).success
        (policy,) = Template.from_stack(stack).find_resources("AWS::IAM::ManagedPolicy").values()
        by_resource = {
            next(kind for kind in ("volume", "instance") if f":{kind}/" in str(each["Resource"])): each
            for each in policy["Properties"]["PolicyDocument"]["Statement"]
            if "ec2:AttachVolume" in each["Action"]
        }
        assert set(by_resource) == {"volume", "instance"}
        assert "Condition" not in by_resource["volume"]
        assert by_resource["instance"]["Condition"] == {"StringEquals": {"aws:ResourceTag/application": "orders"}}
        (grants,) = [
            each for each in policy["Properties"]["PolicyDocument"]["Statement"] if each["Action"] == "kms:CreateGrant"
        ]
        assert grants["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
        assert pack_findings(stack) == []

    def test_of_any_instance_is_refused(self, stack: cdk.Stack) -> None:
        role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        volume = Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
        with pytest.raises(InvalidArgumentsError, match=r"instance_tags=\{\}: must name one tag at least"):
            volume.grant_attach(role, instance_tags={})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"availability_zone": "Dublin", "size_gib": 1}, "availability_zone='Dublin': must be a zone"),
        ({}, "size_gib=None: is required where there is no snapshot_id"),
        ({"snapshot_id": "last"}, "snapshot_id='last': must be a snapshot"),
        ({"size_gib": 70_000}, "size_gib=70000: must be from 1 to 65536"),
        ({"size_gib": 100, "iops": 2000}, "iops=2000: must be from 3000 to 80000"),
        ({"size_gib": 10, "iops": 6000}, "iops=6000: must be at most 500 a GiB, of which there are 10"),
        ({"size_gib": 10, "throughput_mibps": 100}, "throughput_mibps=100: must be from 125 to 2000"),
        (
            {"size_gib": 10, "throughput_mibps": 1000},
            "throughput_mibps=1000: needs 4 IOPS a MiB/s: give iops of 4000 or more",
        ),
    ],
)
def test_bad_arguments_are_refused(stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        Volume(stack, "Volume", **({"availability_zone": ZONE} | arguments))


def test_the_baseline_speed_fits_every_size(stack: cdk.Stack) -> None:
    Volume(stack, "Volume", availability_zone=ZONE, size_gib=1, iops=3000, throughput_mibps=750)
    assert properties(Template.from_stack(stack))["Iops"] == 3000


@pytest.mark.parametrize("name", ["encrypted", "kms_key_id"])
def test_encryption_cannot_be_undone(stack: cdk.Stack, name: str) -> None:
    volume = Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
    resource = volume.volume.node.default_child
    assert isinstance(resource, ec2.CfnVolume)
    setattr(resource, name, None)
    with pytest.raises(RuntimeError, match="Volume is encrypted at rest; its Encrypted or KmsKeyId was removed"):
        Template.from_stack(stack)


def test_works_in_a_product_with_parameters(
    product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
) -> None:
    def number(name: str) -> int:
        return cdk.CfnParameter(product, name, type="Number").value_as_number  # type: ignore[return-value]

    zone = cdk.CfnParameter(product, "Zone").value_as_string
    Volume(
        product,
        "Volume",
        availability_zone=zone,
        size_gib=number("Size"),
        iops=number("Iops"),
        throughput_mibps=number("Throughput"),
    )
    (found,) = [each for each in product_template()["Resources"].values() if each["Type"] == "AWS::EC2::Volume"]
    for name, parameter in (("AvailabilityZone", "Zone"), ("Size", "Size"), ("Iops", "Iops")):
        assert found["Properties"][name] == {"Ref": parameter}
    assert found["Properties"]["Throughput"] == {"Ref": "Throughput"}


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    Volume(stack, "Volume", availability_zone=ZONE, size_gib=100)
    assert set(Template.from_stack(stack).to_json()["Resources"]) == {"VolumeKey523EEEA7", "Volume34D5627D"}
