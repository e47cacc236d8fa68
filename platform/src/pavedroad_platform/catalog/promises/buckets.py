"""Buckets."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.policies import denies_plain_http
from pavedroad_platform.catalog.promises.tags import tag_problems
from pavedroad_platform.proving.acceptance import Launched


def bucket_problems(launched: Launched, bucket: str) -> Iterator[str]:
    """The bucket is private, refuses calls without TLS, and tells whose it is."""
    s3 = launched.client("s3")
    blocked = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    if not all(blocked.values()):
        yield f"public access to {bucket} is not blocked: {blocked}"
    if not denies_plain_http(s3.get_bucket_policy(Bucket=bucket)["Policy"], "s3:*"):
        yield f"{bucket} answers calls without TLS"
    yield from tag_problems(bucket, {tag["Key"] for tag in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]})


def bucket_key_problems(launched: Launched, bucket: str, key: str | None = None) -> Iterator[str]:
    """Objects are encrypted with a key.

    Args:
        launched: The launch.
        bucket: The bucket's name.
        key: The key. Left out: any that is the account's own.
    """
    (rule,) = launched.client("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    encryption = rule["ApplyServerSideEncryptionByDefault"]
    named = encryption.get("KMSMasterKeyID", "")
    if encryption["SSEAlgorithm"] != "aws:kms" or (named != key if key else named in ("", "alias/aws/s3")):
        yield f"objects in {bucket} are not encrypted with the product's own key: {encryption}"
