"""The application is entered over TLS and through a firewall; its container, database, bucket and log are private."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.buckets import bucket_key_problems, bucket_problems
from pavedroad_platform.catalog.promises.containers import entrance_problems, load_balancer_of, service_problems
from pavedroad_platform.catalog.promises.database_clusters import aurora_problems
from pavedroad_platform.catalog.promises.encryption import log_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of application."""
    outputs = launched.outputs
    yield from service_problems(launched, cluster=outputs["ClusterName"], service=outputs["ServiceName"])
    yield from entrance_problems(launched, outputs["LoadBalancerName"])
    yield from _firewall_problems(launched)
    yield from aurora_problems(launched, outputs["DatabaseEndpoint"])
    yield from bucket_problems(launched, outputs["BucketName"])
    yield from bucket_key_problems(launched, outputs["BucketName"])
    yield from log_problems(launched, outputs["LogGroupName"])


def _firewall_problems(launched: Launched) -> Iterator[str]:
    entrance = load_balancer_of(launched, launched.outputs["LoadBalancerName"])
    if entrance is None:
        return  # which is told already
    wafv2 = launched.client("wafv2")
    if not wafv2.get_web_acl_for_resource(ResourceArn=entrance["LoadBalancerArn"]).get("WebACL"):
        yield "no firewall looks at its requests"
