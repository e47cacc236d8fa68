"""What stays true of a table, whatever a mixin, an injector or an escape hatch does to it."""

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from pavedroad.invariants import hold


def hold_table(construct: Construct, resource: dynamodb.CfnGlobalTable) -> None:
    """Hold encryption with a customer-managed key, and point-in-time recovery, in every region."""
    resolve = Stack.of(resource).resolve

    def replicas() -> list[dict[str, Any]]:
        return resolve(resource.replicas) or []

    def encrypted() -> bool:
        specification: dict[str, Any] = resolve(resource.sse_specification) or {}
        return specification.get("sseEnabled") is True and all(
            replica.get("sseSpecification", {}).get("kmsMasterKeyId") for replica in replicas()
        )

    def recoverable() -> bool:
        return all(
            replica.get("pointInTimeRecoverySpecification", {}).get("pointInTimeRecoveryEnabled") is True
            for replica in replicas()
        )

    hold(
        construct,
        "Table is encrypted with a customer-managed key; its SSESpecification, or that of a replica, was weakened",
        encrypted,
    )
    hold(
        construct,
        "Table can be restored to any second; the PointInTimeRecoverySpecification of a replica was weakened",
        recoverable,
    )
