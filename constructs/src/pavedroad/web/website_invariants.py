"""What stays true of a website, whatever a mixin, an injector or an escape hatch does to it."""

from collections.abc import Callable
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from pavedroad.invariants import hold

_TLS = ("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")


def hold_website(construct: Construct, distribution: cloudfront.Distribution) -> None:
    """Hold TLS towards visitors, the private origin, the security headers and the log."""
    resource = distribution.node.default_child
    assert isinstance(resource, cloudfront.CfnDistribution)

    def settings() -> dict[str, Any]:
        # Protected in the CDK; its getter fails on the origin groups, which are there without a quantity.
        properties = resource._cfn_properties  # noqa: SLF001
        found: dict[str, Any] = Stack.of(distribution).resolve(properties)["distributionConfig"]
        return found

    def behaviors() -> list[dict[str, Any]]:
        found = settings()
        return [found["defaultCacheBehavior"], *(found.get("cacheBehaviors") or [])]

    def all_behaviors(has: Callable[[dict[str, Any]], bool]) -> bool:
        return all(has(behavior) for behavior in behaviors())

    def is_modern() -> bool:
        certificate = settings().get("viewerCertificate")
        # CloudFront's own certificate stands without one, which a warning tells.
        return certificate is None or certificate.get("minimumProtocolVersion") in _TLS

    name = type(construct).__name__
    hold(
        construct,
        f"{name} is reached through TLS only; a ViewerProtocolPolicy allows plain text",
        lambda: all_behaviors(lambda it: it.get("viewerProtocolPolicy") in ("redirect-to-https", "https-only")),
    )
    hold(construct, f"{name} takes TLS 1.2 and newer; its MinimumProtocolVersion was weakened", is_modern)
    hold(
        construct,
        f"{name} has security headers; the ResponseHeadersPolicyId of a behaviour was removed",
        lambda: all_behaviors(lambda it: bool(it.get("responseHeadersPolicyId"))),
    )
    hold(
        construct,
        f"{name} reads a private bucket; the OriginAccessControlId of an origin was removed",
        lambda: all(
            origin.get("originAccessControlId") for origin in settings()["origins"] if "s3OriginConfig" in origin
        ),
    )
    hold(construct, f"{name} logs every request; its Logging was removed", lambda: bool(settings().get("logging")))
