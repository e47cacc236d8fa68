"""What a canary may do."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge, acknowledge_resource
from pavedroad.security.roles import ManagedPolicyRole


def canary_role(
    scope: Construct, *, name: str, bucket: s3.IBucket, encryption_key: kms.IKey, tracing: bool, in_vpc: bool
) -> ManagedPolicyRole:
    """A role that writes artefacts, its own log and its own metrics, and nothing else.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html
    """
    role = ManagedPolicyRole(
        scope,
        "Role",
        assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
        description="CloudWatch Synthetics: runs one canary",
    )
    objects = bucket.arn_for_objects("*")
    log = Stack.of(scope).format_arn(
        service="logs",
        resource="log-group",
        resource_name=f"/aws/lambda/cwsyn-{name}-*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    own_namespace = {"StringEquals": {"cloudwatch:namespace": "CloudWatchSynthetics"}}
    keys = {key.key_arn: key for key in (encryption_key, bucket.encryption_key) if key}
    allow = iam.PolicyStatement
    statements = [
        allow(actions=["s3:PutObject"], resources=[objects]),
        allow(actions=["s3:GetBucketLocation"], resources=[bucket.bucket_arn]),
        allow(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=list(keys)),
        allow(actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], resources=[log]),
        allow(actions=["cloudwatch:PutMetricData"], resources=["*"], conditions=own_namespace),
        allow(actions=["s3:ListAllMyBuckets"], resources=["*"]),
    ]
    if tracing:
        statements.append(allow(actions=["xray:PutTraceSegments"], resources=["*"]))
    for statement in statements:
        role.add_to_principal_policy(statement)
    assert role.policy is not None
    artefacts = "Synthetics names the artefacts itself, in a bucket that serves it alone or was given for it."
    own_log = "Synthetics ends the log group's name with an id of its own; the canary's name stands before it."
    nothing_narrower = "PutMetricData is bound to the namespace of Synthetics; the other actions support no resource."
    for resource, reason in ((objects, artefacts), (log, own_log), ("*", nothing_narrower)):
        acknowledge_resource(role.policy, resource, reason)
    if in_vpc:
        _allow_network_interfaces(role)
    role.begin_policy("GrantedPolicy")
    return role


def _allow_network_interfaces(role: ManagedPolicyRole) -> None:
    """What Lambda asks of the role of every function in a VPC; a policy of its own, which the reason covers alone."""
    role.begin_policy("VpcPolicy")
    actions = ("CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces")
    role.add_to_principal_policy(iam.PolicyStatement(actions=[f"ec2:{action}" for action in actions], resources=["*"]))
    assert role.policy is not None
    for finding in ("AwsSolutions-IAM5[Resource::*]", "PavedRoad-IAM-4"):
        acknowledge(
            role.policy,
            finding,
            "Lambda makes, names and deletes the network interfaces of a canary. AWS documents these three actions on "
            "every resource for a canary in a VPC, and grants them so in AWSLambdaVPCAccessExecutionRole.",
        )
