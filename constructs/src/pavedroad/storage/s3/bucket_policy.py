"""What a bucket's policy refuses beyond requests without TLS."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3


def deny_other_keys(bucket: s3.Bucket, key: kms.IKey) -> None:
    """Refuse uploads that ask for another key or kind of encryption; those that ask for none get the bucket's key.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#require-sse-kms
    """
    encryption, key_id = "s3:x-amz-server-side-encryption", "s3:x-amz-server-side-encryption-aws-kms-key-id"
    for sid, header, value in (
        ("DenyOtherEncryption", encryption, "aws:kms"),
        ("DenyOtherKeys", key_id, key.key_arn),
    ):
        bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid=sid,
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[bucket.arn_for_objects("*")],
                conditions={"StringNotEquals": {header: value}, "Null": {header: "false"}},
            )
        )
