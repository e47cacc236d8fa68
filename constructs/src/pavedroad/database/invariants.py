"""What of a database cannot be weakened."""

from collections.abc import Callable, Mapping
from typing import Protocol

from aws_cdk import CfnResource, Stack
from constructs import Construct, Node

from pavedroad.invariants import hold


class _Encrypted(Protocol):
    @property
    def node(self) -> Node: ...
    @property
    def storage_encrypted(self) -> object: ...
    @property
    def kms_key_id(self) -> object: ...


def hold_encryption(construct: Construct, resource: _Encrypted) -> None:
    """Keep the storage encrypted, and with it its replicas, backups and snapshots."""
    # The key of an instance that was restored is that of its snapshot.
    has_own_key = resource.kms_key_id is not None
    hold(
        construct,
        f"{name_of(construct)} encrypts its storage; StorageEncrypted or KmsKeyId of {resource.node.path} was removed",
        lambda: resource.storage_encrypted is True and (resource.kms_key_id is not None or not has_own_key),
    )


def hold_parameters(
    construct: Construct,
    *,
    promise: str,
    path: str,
    group_in_use: Callable[[], str | None],
    group: CfnResource,
    parameters: Callable[[], object],
    wanted: Mapping[str, str],
) -> None:
    """Keep what stands at ``path`` using its parameter group, and the group having the parameters ``wanted``.

    Args:
        construct: Where the failure is reported.
        promise: What the parameters bring about.
        path: What uses the group.
        group_in_use: Reads which group it uses.
        group: The group that it shall use.
        parameters: Reads the group's parameters.
        wanted: What must be among them.
    """
    stack = Stack.of(construct)

    def is_kept() -> bool:
        in_use = bool(stack.resolve(group_in_use()) == stack.resolve(group.ref))
        found = stack.resolve(parameters()) or {}
        return in_use and all(found.get(name) == value for name, value in wanted.items())

    names = ", ".join(sorted(wanted))
    hold(construct, f"{name_of(construct)} {promise}; {names} or the parameter group of {path} was changed", is_kept)


def name_of(construct: Construct) -> str:
    """The name of a construct's class, as promises tell it."""
    return type(construct).__name__
