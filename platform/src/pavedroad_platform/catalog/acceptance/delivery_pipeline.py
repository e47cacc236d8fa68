"""What was built is encrypted and private, and so is what the pipeline tells people."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.buckets import bucket_key_problems, bucket_problems
from pavedroad_platform.catalog.promises.messages import topic_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of delivery-pipeline."""
    bucket = launched.outputs["ArtifactBucketName"]
    yield from bucket_problems(launched, bucket)
    yield from bucket_key_problems(launched, bucket)
    yield from topic_problems(launched, launched.outputs["TopicArn"])
