"""What every instance may do: be managed and patched by Systems Manager, write its log and its metrics."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole

METRICS_NAMESPACE = "CWAgent"

# AmazonSSMManagedInstanceCore without the right to read every parameter of the account.
_CHANNELS = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "ssm:GetDeployablePatchSnapshotForInstance",
    "ssm:GetManifest",
    "ssm:ListAssociations",
    "ssm:PutConfigurePackageResult",
    "ssm:PutInventory",
)
_INSTANCE = ("ssm:ListInstanceAssociations", "ssm:PutComplianceItems", "ssm:UpdateInstanceInformation")


def instance_role(
    scope: Construct, construct_id: str, *, description: str, log_group: logs.ILogGroup
) -> ManagedPolicyRole:
    """A role for instances without a key pair: Session Manager, patches, one log group, metrics of one namespace.

    Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
    Controls: nag IAM4 and IAM5, NIST AC-6.
    """
    stack = Stack.of(scope)
    role = ManagedPolicyRole(
        scope, construct_id, assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"), description=description
    )
    # What AWS publishes has no account.
    document = stack.format_arn(service="ssm", account="*", resource="document", resource_name="*")
    instance = stack.format_arn(service="ec2", resource="instance", resource_name="*")
    association = stack.format_arn(service="ssm", resource="association", resource_name="*")
    streams = f"{log_group.log_group_arn}:log-stream:*"
    for actions, resources, conditions in (
        (_CHANNELS, ["*"], None),
        (_INSTANCE, [instance], None),
        (("ssm:DescribeDocument", "ssm:GetDocument"), [document], None),
        (("ssm:DescribeAssociation",), [association], None),
        (("ssm:UpdateAssociationStatus",), [document, instance], None),
        (("ssm:UpdateInstanceAssociationStatus",), [association, instance], None),
        (("logs:DescribeLogStreams",), [log_group.log_group_arn], None),
        (("logs:CreateLogStream", "logs:PutLogEvents"), [streams], None),
        (("cloudwatch:PutMetricData",), ["*"], {"StringEquals": {"cloudwatch:namespace": METRICS_NAMESPACE}}),
    ):
        role.add_to_principal_policy(
            iam.PolicyStatement(actions=list(actions), resources=resources, conditions=conditions)
        )
    assert role.policy is not None
    for resource, reason in {
        "*": "The agent's channels and cloudwatch:PutMetricData support no resource (service authorization reference); "
        "metrics are confined to one namespace by a condition.",
        instance: "The ids of a fleet's instances are made by Auto Scaling. Systems Manager lets an "
        "instance report for itself only.",
        document: "The agent reads the documents of the associations and sessions that it is sent, AWS's own among "
        "them; a document holds no secrets.",
        association: "The ids of associations are made by Systems Manager.",
        streams: "Each instance writes streams of its own name in this one log group.",
    }.items():
        acknowledge_resource(role.policy, resource, reason)
    return role
