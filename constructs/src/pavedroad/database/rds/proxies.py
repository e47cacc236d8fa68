"""A pool of connections in front of a database."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from pavedroad.invariants import hold
from pavedroad.security.roles import ManagedPolicyRole


@dataclass(frozen=True, kw_only=True)
class ProxiedDatabase:
    """What a proxy stands in front of.

    Attributes:
        target: As the CDK's proxy takes it.
        settled: What must exist before the proxy looks for it.
    """

    target: rds.ProxyTarget
    settled: Sequence[Construct] = ()


def instance_target(
    scope: Construct,
    construct_id: str,
    *,
    instance: rds.DatabaseInstance,
    engine: rds.IInstanceEngine,
    port: float,
    security_group: ec2.ISecurityGroup,
) -> ProxiedDatabase:
    """An instance as target of a proxy."""
    # The instance's own connections name its port by an attribute, which no check of the template can read.
    imported = rds.DatabaseInstance.from_database_instance_attributes(
        scope,
        construct_id,
        instance_identifier=instance.instance_identifier,
        instance_endpoint_address=instance.db_instance_endpoint_address,
        port=port,
        security_groups=[security_group],
        engine=engine,
    )
    return ProxiedDatabase(target=rds.ProxyTarget.from_instance(imported))


def cluster_target(
    scope: Construct,
    construct_id: str,
    *,
    cluster: rds.DatabaseCluster,
    members: Sequence[Construct],
    engine: rds.IClusterEngine,
    port: float,
    security_group: ec2.ISecurityGroup,
) -> ProxiedDatabase:
    """A cluster as target of a proxy: it follows the writer."""
    imported = rds.DatabaseCluster.from_database_cluster_attributes(
        scope,
        construct_id,
        cluster_identifier=cluster.cluster_identifier,
        cluster_endpoint_address=cluster.cluster_endpoint.hostname,
        port=port,
        security_groups=[security_group],
        engine=engine,
    )
    return ProxiedDatabase(target=rds.ProxyTarget.from_cluster(imported), settled=members)


def tls_proxy(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    target: ProxiedDatabase,
    secrets: Sequence[secretsmanager.ISecret],
    vpc: ec2.IVpc,
    subnets: Sequence[ec2.ISubnet],
    iam_authentication: bool,
) -> rds.DatabaseProxy:
    """An RDS Proxy that takes connections over TLS only and reads no other secrets than ``secrets``."""
    own_security_group = ec2.SecurityGroup(
        scope,
        f"{construct_id}SecurityGroup",
        vpc=vpc,
        description=f"The proxy of the database {scope.node.id}",
        allow_all_outbound=False,
    )
    proxy = rds.DatabaseProxy(
        scope,
        construct_id,
        # The CDK's own name is the same wherever a template is launched.
        db_proxy_name=name,
        proxy_target=target.target,
        secrets=list(secrets),
        role=ManagedPolicyRole(
            scope,
            f"{construct_id}Role",
            assumed_by=iam.ServicePrincipal("rds.amazonaws.com"),
            description=f"Reads what the proxy of the database {scope.node.id} logs in with",
        ),
        vpc=vpc,
        vpc_subnets=ec2.SubnetSelection(subnets=list(subnets)),
        security_groups=[own_security_group],
        iam_auth=iam_authentication,
        require_tls=True,
    )
    if target.settled:
        proxy.node.add_dependency(*target.settled)
    resource = proxy.node.find_child("Resource")
    assert isinstance(resource, rds.CfnDBProxy)
    hold(
        scope,
        f"{type(scope).__name__} refuses connections without TLS; RequireTLS of {resource.node.path} was changed",
        lambda: resource.require_tls is True,
    )
    return proxy
