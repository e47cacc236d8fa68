"""Where the files of a website are, who reads them there, and where it is written who asked for them."""

from aws_cdk import Annotations, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.naming import unique_name
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.storage.s3.secure_bucket import SecureBucket

LOG_PREFIX = "distribution/"
"""What the keys of CloudFront's logs begin with."""

_WHY_ACLS = (
    "CloudFront delivers standard logs by an access control list, and to no bucket that has these turned off; AWS "
    "evaluates this kind of log alone (CloudFront.5), and the newer one can be set up in us-east-1 only. The list "
    "admits CloudFront's log delivery; public ones stay blocked, and the bucket's owner owns what is delivered."
)


def content_bucket(scope: Construct, *, encryption_key: kms.IKey | None, log_bucket: s3.IBucket) -> SecureBucket:
    """The bucket with the website's files, whose own access logs go to ``log_bucket``."""
    return SecureBucket(
        scope,
        "Bucket",
        encryption_key=encryption_key,
        access_log_bucket=log_bucket,
        access_log_prefix="bucket/",
    )


def request_log_bucket(scope: Construct, retention: Duration) -> s3.Bucket:
    """A bucket for the logs of CloudFront and of the bucket with the files.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
    """
    logs = SecureBucket(
        scope,
        "Logs",
        s3_managed_encryption_reason="Server access logs can be delivered to buckets in SSE-S3 only.",
        no_access_logs_reason="It receives access logs; to log into itself would never end.",
        lifecycle_rules=[s3.LifecycleRule(id="expire-logs", expiration=retention)],
    )
    resource = logs.bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.ownership_controls = s3.CfnBucket.OwnershipControlsProperty(
        rules=[s3.CfnBucket.OwnershipControlsRuleProperty(object_ownership="BucketOwnerPreferred")]
    )
    for finding in ("PavedRoad-S3-2", "checkov::CKV2_AWS_65"):
        acknowledge(logs.bucket, finding, _WHY_ACLS)
    return logs.bucket


def private_origin(scope: Construct, content: SecureBucket) -> cloudfront.IOrigin:
    """The bucket as CloudFront's origin: requests are signed, and its policy admits the one distribution.

    Listing lets S3 answer 404 for what is missing; otherwise it answers 403, as the firewall does. A distribution with
    a root object never lists.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
    """
    control = cloudfront.S3OriginAccessControl(
        scope,
        "OriginAccessControl",
        # The CDK's own name is the same in every stack that is launched from one template.
        origin_access_control_name=unique_name(scope, longest=50, otherwise="website"),
        signing=cloudfront.Signing.SIGV4_ALWAYS,
    )
    Annotations.of(scope).acknowledge_warning(
        "@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk",
        "The distribution has a root object, forwards no query, and serves no other path of the bucket than objects.",
    )
    assert content.encryption_key
    key_scope = content.encryption_key.node.scope  # where the CDK warns
    assert key_scope
    Annotations.of(key_scope).acknowledge_warning(
        "@aws-cdk/aws-cloudfront-origins:wildcardKeyPolicyForOac",
        "The key cannot name the distribution, which needs the bucket and the bucket the key. Its policy admits "
        "distributions of this account; the bucket's policy admits this one alone.",
    )
    return origins.S3BucketOrigin.with_origin_access_control(
        content.bucket,
        origin_access_control=control,
        origin_access_levels=[cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
    )
