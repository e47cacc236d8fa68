"""What was built is encrypted and private, and so is what the pipeline tells people."""

from collections.abc import Iterator

from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of delivery-pipeline."""
    s3, bucket = launched.client("s3"), launched.outputs["ArtifactBucketName"]
    if not all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()):
        yield "what was built may be made public"
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    if rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] != "aws:kms":
        yield "what was built is not encrypted with a key"
    topic = launched.client("sns").get_topic_attributes(TopicArn=launched.outputs["TopicArn"])["Attributes"]
    if not topic.get("KmsMasterKeyId"):
        yield "its messages are not encrypted"
