"""What of a relational database cannot be weakened."""

from collections.abc import Callable

from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.database.invariants import hold_parameters, name_of
from pavedroad.database.rds.engines import EngineTraits
from pavedroad.invariants import hold


def hold_private(construct: Construct, resource: rds.CfnDBInstance) -> None:
    """Keep one instance without a public address."""
    hold(
        construct,
        f"{name_of(construct)} has no public address; PubliclyAccessible of {resource.node.path} was changed",
        lambda: resource.publicly_accessible is False,
    )


def hold_tls(
    construct: Construct,
    *,
    path: str,
    group_in_use: Callable[[], str | None],
    group: rds.CfnDBParameterGroup | rds.CfnDBClusterParameterGroup,
    traits: EngineTraits,
) -> None:
    """Keep what stands at ``path`` using its parameter group, and the group forcing TLS."""
    hold_parameters(
        construct,
        promise="refuses connections without TLS",
        path=path,
        group_in_use=group_in_use,
        group=group,
        parameters=lambda: group.parameters,
        wanted={traits.tls_parameter: traits.tls_value},
    )
