"""Server access logs: who asked a bucket for what."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3


def deliver_access_logs(source: s3.Bucket, target: s3.IBucket, prefix: str) -> None:
    """Log the requests to ``source`` into ``target``, a bucket of the same account and region in SSE-S3.

    Written on the resource, because the L2 takes the way of ACLs unless a feature flag of the app says otherwise, and a
    bucket whose owner owns every object refuses ACLs. A bucket that is not of this app must admit the delivery itself.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
    """
    resource = source.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
        destination_bucket_name=target.bucket_name, log_file_prefix=prefix
    )
    own_account = {"aws:SourceAccount": Stack.of(source).account}
    target.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("logging.s3.amazonaws.com")],
            actions=["s3:PutObject"],
            resources=[target.arn_for_objects(f"{prefix}*")],
            conditions={"StringEquals": own_account},
        )
    )
