"""The bucket is encrypted with its own key, private, versioned, and refuses calls without TLS."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.buckets import bucket_key_problems, bucket_problems
from pavedroad_platform.catalog.promises.encryption import key_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of secure-bucket."""
    bucket, key = launched.outputs["BucketName"], launched.outputs["EncryptionKeyArn"]
    yield from bucket_key_problems(launched, bucket, key)
    yield from key_problems(launched, key)
    for name in (bucket, launched.outputs["AccessLogBucketName"]):
        yield from bucket_problems(launched, name)
    if launched.client("s3").get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        yield "the bucket keeps no versions"
