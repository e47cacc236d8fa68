"""What stays true of a bucket, whatever a mixin, an injector or an escape hatch does to it."""

import json
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.invariants import hold

_PUBLIC_ACCESS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def hold_bucket(construct: Construct, bucket: s3.Bucket) -> None:
    """Hold encryption, public access block, versioning, ownership and TLS of a bucket of ``construct``."""
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resolve = Stack.of(bucket).resolve

    def blocked() -> bool:
        block: dict[str, Any] = resolve(resource.public_access_block_configuration) or {}
        return all(block.get(name) is True for name in _PUBLIC_ACCESS)

    def versioned() -> bool:
        configuration: dict[str, Any] = resolve(resource.versioning_configuration) or {}
        return configuration.get("status") == "Enabled"

    def refuses_plain_text() -> bool:
        policy = bucket.policy.node.default_child if bucket.policy else None
        statements = resolve(policy.policy_document)["Statement"] if isinstance(policy, s3.CfnBucketPolicy) else []
        return any(
            statement["Effect"] == "Deny" and '"aws:SecureTransport": "false"' in json.dumps(statement.get("Condition"))
            for statement in statements
        )

    kind = type(construct).__name__
    hold(
        construct,
        f"{kind} is encrypted at rest; its BucketEncryption was removed",
        lambda: bool(resolve(resource.bucket_encryption)),
    )
    hold(construct, f"{kind} is private; its PublicAccessBlockConfiguration was weakened", blocked)
    hold(construct, f"{kind} keeps versions; its VersioningConfiguration was suspended or removed", versioned)
    hold(
        construct,
        f"{kind} is reached through TLS only; its bucket policy does not deny plain text any more",
        refuses_plain_text,
    )
