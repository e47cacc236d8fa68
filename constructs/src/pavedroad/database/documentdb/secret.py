"""The administrator's secret, which DocumentDB makes and CloudFormation does not tell the ARN of."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from pavedroad.security.acknowledgments import acknowledge_resource


def grant_read_managed_secret(
    scope: Construct, grantee: iam.IGrantable, *, cluster: str, encryption_key: kms.IKey
) -> iam.Grant:
    """Let ``grantee`` read the secret that belongs to the cluster, by the tag that DocumentDB puts on it.

    Source: https://docs.aws.amazon.com/documentdb/latest/developerguide/docdb-secrets-manager.html
    """
    stack = Stack.of(scope)
    secrets = stack.format_arn(
        service="secretsmanager",
        resource="secret",
        resource_name="rds!cluster-*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    arn = stack.format_arn(
        service="rds", resource="cluster", resource_name=cluster, arn_format=ArnFormat.COLON_RESOURCE_NAME
    )
    grant = iam.Grant.add_to_principal(
        grantee=grantee,
        actions=["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        resource_arns=[secrets],
        conditions={"StringEquals": {"aws:ResourceTag/aws:rds:primaryDBClusterArn": arn}},
    )
    via = kms.ViaServicePrincipal(f"secretsmanager.{stack.region}.amazonaws.com", grantee.grant_principal)
    encryption_key.grant(via, "kms:Decrypt")
    for policy in grantee.grant_principal.node.children if isinstance(grantee.grant_principal, Construct) else []:
        if isinstance(policy, iam.Policy | iam.ManagedPolicy):
            acknowledge_resource(
                policy,
                secrets,
                "DocumentDB makes the administrator's secret, and CloudFormation does not tell its name. The condition "
                "on the tag that DocumentDB itself sets leaves the secret of this one cluster.",
            )
    return grant
