"""The service runs without public addresses, and is entered over TLS alone."""

from collections.abc import Iterator

from pavedroad_platform.proving.acceptance import Launched


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of fargate-service."""
    outputs = launched.outputs
    services = launched.client("ecs").describe_services(
        cluster=outputs["ClusterName"], services=[outputs["ServiceName"]]
    )["services"]
    if not services:
        yield f"there is no service {outputs['ServiceName']}"
    for service in services:
        network = service.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
        if network.get("assignPublicIp", "DISABLED") != "DISABLED":
            yield "its tasks have public addresses"
        if service["status"] != "ACTIVE":
            yield f"the service is {service['status']}"
    balancers = launched.client("elbv2")
    named = outputs["LoadBalancerName"]
    found = [
        each
        for page in balancers.get_paginator("describe_load_balancers").paginate()
        for each in page["LoadBalancers"]
        if each["DNSName"] == named
    ]
    if not found:
        yield f"no load balancer has the name {named}"
    for each in found:
        for listener in balancers.describe_listeners(LoadBalancerArn=each["LoadBalancerArn"])["Listeners"]:
            redirects = all(action["Type"] == "redirect" for action in listener["DefaultActions"])
            if listener["Protocol"] != "HTTPS" and not redirects:
                yield f"port {listener['Port']} answers without TLS"
    (group,) = launched.client("logs").describe_log_groups(logGroupNamePrefix=outputs["LogGroupName"])["logGroups"]
    if not group.get("kmsKeyId"):
        yield "its log is not encrypted with a key of its own"
