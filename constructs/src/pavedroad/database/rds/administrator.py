"""The administrator's password: made, kept and rotated without anybody seeing it."""

from aws_cdk import CfnResource, Duration, Token
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from pavedroad.arguments import Arguments

_ROTATION_DAYS = 30
# What some engine or client would need to escape.
_EXCLUDED_CHARACTERS = " %+~`#$&*()|[]{}:;<>?!'/@\"\\"


def administrator_credentials(
    scope: Construct, *, name: str, encryption_key: kms.IKey, managed_by_rds: bool
) -> rds.Credentials:
    """The administrator with a secret under ``encryption_key``: one of RDS, or one of the stack.

    RDS refuses to make read replicas of an instance whose password it manages.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
    """
    if managed_by_rds:
        return rds.Credentials.from_username(name, encryption_key=encryption_key)
    secret = rds.DatabaseSecret(
        scope,
        "Secret",
        username=name,
        encryption_key=encryption_key,
        exclude_characters=_EXCLUDED_CHARACTERS,
    )
    return rds.Credentials.from_secret(secret, name)


def rotation_subnets(vpc: ec2.IVpc, subnets: list[ec2.ISubnet]) -> list[ec2.ISubnet]:
    """Where the rotation function reaches both Secrets Manager and the database.

    Private subnets with a NAT, where there are any; else beside the database, with an interface endpoint.
    """
    return vpc.private_subnets or subnets


def check_rotation(arguments: Arguments, subnets: list[ec2.ISubnet], *, argument: str, value: object) -> None:
    """Refuse an argument that, if it has a value, needs the rotation function: that takes its subnets one by one."""
    if value and Token.is_unresolved([subnet.subnet_id for subnet in subnets]):
        arguments.refuse(
            argument,
            value,
            "needs subnets that are known one by one, as the rotation function takes them; "
            "vpc has them as one list parameter: take Fn.select for each",
        )


def rotate_administrator(
    scope: Construct,
    *,
    name: str,
    target: ec2.IConnectable,
    secret: secretsmanager.ISecret,
    engine: rds.IInstanceEngine | rds.IClusterEngine,
    vpc: ec2.IVpc,
    subnets: list[ec2.ISubnet],
) -> None:
    """Rotate the stack's own secret every 30 days (SecretsManager.1), with AWS's function for the engine."""
    security_group = ec2.SecurityGroup(
        scope,
        "RotationSecurityGroup",
        vpc=vpc,
        description=f"The rotation of the administrator of the database {scope.node.id}",
        allow_all_outbound=False,
    )
    security_group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "To Secrets Manager")
    rotation = secretsmanager.SecretRotation(
        scope,
        "Rotation",
        application=engine.single_user_rotation_application,
        secret=secret,
        target=target,
        automatically_after=Duration.days(_ROTATION_DAYS),
        exclude_characters=_EXCLUDED_CHARACTERS,
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnets=subnets),
        security_group=security_group,
    )
    application = rotation.node.default_child
    assert isinstance(application, CfnResource)
    # The CDK's own name is the same wherever a template is launched.
    application.add_property_override("Parameters.functionName", name)
