"""What Data Lifecycle Manager may do: take snapshots of what has certain tags, and expire its own."""

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

# Tags that Data Lifecycle Manager gives to what it makes.
_OWN_SNAPSHOTS = (
    {"StringLike": {"aws:ResourceTag/aws:dlm:lifecycle-policy-id": "policy-*"}},
    {"StringEquals": {"aws:ResourceTag/dlm:managed": "true"}},
)
_USE_OF_KEYS = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]


def snapshot_role(
    scope: Construct,
    construct_id: str,
    *,
    resource_type: str,
    target_tags: Mapping[str, str],
    keys: Sequence[str],
    copy_regions: Sequence[str],
) -> ManagedPolicyRole:
    """A role for one lifecycle policy, narrower than AWSDataLifecycleManagerServiceRole.

    Source: https://docs.aws.amazon.com/ebs/latest/userguide/service-role.html
    Controls: nag IAM4 and IAM5, NIST AC-6.
    """
    stack = Stack.of(scope)
    role = ManagedPolicyRole(
        scope,
        construct_id,
        description="Takes and expires the snapshots of one lifecycle policy",
        assumed_by=iam.ServicePrincipal(
            "dlm.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
        ),
    )
    volumes, instances = (
        stack.format_arn(service="ec2", resource=kind, resource_name="*") for kind in ("volume", "instance")
    )
    # A snapshot's ARN has no account.
    snapshots = [
        stack.format_arn(service="ec2", account="", region=region, resource="snapshot", resource_name="*")
        for region in (stack.region, *copy_regions)
    ]
    for name, value in target_tags.items():
        tagged = {"StringEquals": {f"aws:ResourceTag/{name}": value}}
        if resource_type != "INSTANCE":
            _allow(role, ["ec2:CreateSnapshot"], [volumes], tagged)
        if resource_type != "VOLUME":
            _allow(role, ["ec2:CreateSnapshots"], [instances], tagged)
    if resource_type != "INSTANCE":
        _allow(role, ["ec2:CreateSnapshot"], snapshots[:1])
    if resource_type != "VOLUME":
        # The volumes of an instance that is chosen need not have its tags.
        _allow(role, ["ec2:CreateSnapshots"], [volumes, snapshots[0]])
    _allow(role, ["ec2:CreateTags"], snapshots)
    for own in _OWN_SNAPSHOTS:
        _allow(role, ["ec2:DeleteSnapshot"], snapshots, own)
    if copy_regions:
        _allow(role, ["ec2:CopySnapshot"], snapshots)
    _allow(role, ["ec2:DescribeInstances", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"], ["*"])
    if keys:
        _allow(role, _USE_OF_KEYS, list(keys))
        _allow(role, ["kms:CreateGrant"], list(keys), {"Bool": {"kms:GrantIsForAWSResource": "true"}})
    _acknowledge(role, volumes, instances, snapshots)
    return role


def _allow(
    role: ManagedPolicyRole,
    actions: Sequence[str],
    resources: Sequence[str],
    conditions: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    role.add_to_principal_policy(
        iam.PolicyStatement(actions=list(actions), resources=list(resources), conditions=conditions)
    )


def _acknowledge(role: ManagedPolicyRole, volumes: str, instances: str, snapshots: Sequence[str]) -> None:
    assert role.policy is not None
    reasons = {
        "*": "The calls that only read cannot be narrowed to a resource (service authorization reference).",
        volumes: "Which volumes is decided by their tags, or by the instance that they belong to.",
        instances: "Which instances is decided by their tags, which the condition names.",
    } | dict.fromkeys(
        snapshots,
        "EC2 makes up the id of a snapshot. Only those are deleted that carry the tags of Data Lifecycle Manager.",
    )
    for resource, reason in reasons.items():
        acknowledge_resource(role.policy, resource, reason)
    acknowledge(
        role.policy,
        "parliament::RESOURCE_MISMATCH",
        "What is snapshotted and the snapshot stand in two statements, since only the first can have the tags that the "
        "condition asks for; EC2 weighs both.",
    )
    for action in ("kms:GenerateDataKey*", "kms:ReEncrypt*"):
        acknowledge(
            role.policy,
            f"AwsSolutions-IAM5[Action::{action}]",
            "AWS names these calls so where it documents the role; they are confined to the keys that are given.",
        )
