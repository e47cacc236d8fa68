"""The service runs without public addresses, and is entered over TLS alone."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.containers import entrance_problems, service_problems
from pavedroad_platform.catalog.promises.encryption import log_problems
from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of fargate-service."""
    outputs = launched.outputs
    yield from service_problems(launched, cluster=outputs["ClusterName"], service=outputs["ServiceName"])
    yield from entrance_problems(launched, outputs["LoadBalancerName"])
    yield from log_problems(launched, outputs["LogGroupName"])
