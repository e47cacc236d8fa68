"""Where load balancers deliver their access logs."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from pavedroad.storage.s3.secure_bucket import SecureBucket


def access_log_bucket(scope: Construct, construct_id: str) -> s3.Bucket:
    """A hardened bucket for access logs, which expire after a year; it is kept when the stack is deleted."""
    return SecureBucket(
        scope,
        construct_id,
        s3_managed_encryption_reason="Elastic Load Balancing delivers access logs to buckets in SSE-S3 only.",
        no_access_logs_reason="It receives access logs itself; logging its own deliveries tells nothing more.",
        lifecycle_rules=[s3.LifecycleRule(id="expire-access-logs", expiration=Duration.days(365))],
    ).bucket


def deliver_access_logs(load_balancer: elbv2.ApplicationLoadBalancer, bucket: s3.IBucket, prefix: str) -> None:
    """Deliver the access logs of ``load_balancer`` to ``bucket``, in any region and without knowing it at synth.

    The L2's ``log_access_logs`` looks up the region's delivery account and refuses a stack without a region; the
    service principal is the same in every region. The policy of an imported bucket must already admit it.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    stack = Stack.of(load_balancer)
    load_balancers = stack.format_arn(service="elasticloadbalancing", resource="loadbalancer", resource_name="*")
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("logdelivery.elasticloadbalancing.amazonaws.com")],
            actions=["s3:PutObject"],
            resources=[bucket.arn_for_objects(f"{prefix}/AWSLogs/{stack.account}/*")],
            conditions={"ArnLike": {"aws:SourceArn": load_balancers}},
        )
    )
    load_balancer.set_attribute("access_logs.s3.enabled", "true")
    load_balancer.set_attribute("access_logs.s3.bucket", bucket.bucket_name)
    load_balancer.set_attribute("access_logs.s3.prefix", prefix)
    if bucket.policy is not None:
        # Elastic Load Balancing writes a test object when the load balancer is made.
        load_balancer.node.add_dependency(bucket.policy)
