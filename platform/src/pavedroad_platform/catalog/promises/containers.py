"""Containers behind a load balancer."""

from collections.abc import Iterator
from typing import Any

from pavedroad_platform.proving.acceptance import Launched


def service_problems(launched: Launched, *, cluster: str, service: str) -> Iterator[str]:
    """The service runs, without public addresses."""
    found = launched.client("ecs").describe_services(cluster=cluster, services=[service])["services"]
    if not found:
        yield f"there is no service {service}"
    for each in found:
        network = each.get("networkConfiguration", {}).get("awsvpcConfiguration", {})
        if network.get("assignPublicIp", "DISABLED") != "DISABLED":
            yield "its tasks have public addresses"
        if each["status"] != "ACTIVE":
            yield f"the service is {each['status']}"


def load_balancer_of(launched: Launched, name: str) -> dict[str, Any] | None:
    """The load balancer that answers to a DNS name."""
    pages = launched.client("elbv2").get_paginator("describe_load_balancers").paginate()
    return next((each for page in pages for each in page["LoadBalancers"] if each["DNSName"] == name), None)


def entrance_problems(launched: Launched, name: str) -> Iterator[str]:
    """The load balancer is entered over TLS alone."""
    found = load_balancer_of(launched, name)
    if found is None:
        yield f"no load balancer has the name {name}"
        return
    listeners = launched.client("elbv2").describe_listeners(LoadBalancerArn=found["LoadBalancerArn"])["Listeners"]
    for listener in listeners:
        redirects = all(action["Type"] == "redirect" for action in listener["DefaultActions"])
        if listener["Protocol"] != "HTTPS" and not redirects:
            yield f"port {listener['Port']} answers without TLS"
