"""What of a relational database cannot be weakened."""

from collections.abc import Callable
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_rds as rds
from constructs import Construct

from pavedroad.database.rds.engines import EngineTraits
from pavedroad.invariants import hold


def hold_encryption(construct: Construct, resource: rds.CfnDBInstance | rds.CfnDBCluster) -> None:
    """Keep the storage encrypted, and with it its replicas, backups and snapshots."""
    # The key of a restored instance is that of its snapshot.
    has_own_key = resource.kms_key_id is not None
    hold(
        construct,
        f"{_name(construct)} encrypts its storage; StorageEncrypted or KmsKeyId of {resource.node.path} was removed",
        lambda: resource.storage_encrypted is True and (resource.kms_key_id is not None or not has_own_key),
    )


def hold_private(construct: Construct, resource: rds.CfnDBInstance) -> None:
    """Keep one instance without a public address."""
    hold(
        construct,
        f"{_name(construct)} has no public address; PubliclyAccessible of {resource.node.path} was changed",
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
    stack = Stack.of(construct)

    def forces_tls() -> bool:
        in_use = stack.resolve(group_in_use()) == stack.resolve(group.ref)
        parameters: dict[str, Any] = stack.resolve(group.parameters) or {}
        return in_use and parameters.get(traits.tls_parameter) == traits.tls_value

    hold(
        construct,
        f"{_name(construct)} refuses connections without TLS; "
        f"{traits.tls_parameter} or the parameter group of {path} was changed",
        forces_tls,
    )


def _name(construct: Construct) -> str:
    return type(construct).__name__
