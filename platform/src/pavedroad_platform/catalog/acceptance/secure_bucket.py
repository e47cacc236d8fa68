"""The bucket is encrypted with its own key, private, versioned, and refuses calls without TLS."""

import json
from collections.abc import Iterator
from typing import Any

from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of secure-bucket."""
    s3, bucket, key = launched.client("s3"), launched.outputs["BucketName"], launched.outputs["EncryptionKeyArn"]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    encryption = rule["ApplyServerSideEncryptionByDefault"]
    if encryption["SSEAlgorithm"] != "aws:kms" or encryption.get("KMSMasterKeyID") != key:
        yield f"objects are not encrypted with the bucket's own key: {encryption}"
    for name in (bucket, launched.outputs["AccessLogBucketName"]):
        yield from _open(s3, name)
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        yield "the bucket keeps no versions"
    if not launched.client("kms").get_key_rotation_status(KeyId=key)["KeyRotationEnabled"]:
        yield "the key of the bucket is not rotated"


def _open(s3: Any, bucket: str) -> Iterator[str]:
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    if not all(blocked.values()):
        yield f"public access to {bucket} is not blocked: {blocked}"
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    if not any(_denies_plain_http(statement) for statement in policy["Statement"]):
        yield f"{bucket} answers calls without TLS"


def _denies_plain_http(statement: dict[str, Any]) -> bool:
    told = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    return statement["Effect"] == "Deny" and str(told).lower() == "false" and statement["Action"] in ("s3:*", ["s3:*"])
