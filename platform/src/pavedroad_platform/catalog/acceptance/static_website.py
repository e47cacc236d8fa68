"""The website is delivered over TLS only, from private buckets that CloudFront alone reads, with security headers."""

from collections.abc import Iterator

from pavedroad_platform.catalog.promises.buckets import bucket_key_problems, bucket_problems
from pavedroad_platform.proving.acceptance import Launched

# CloudFront adds policies of newer protocols; these are the old ones.
_OLD_PROTOCOLS = ("SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016", "TLSv1.2_2018", "TLSv1.2_2019")


def problems(launched: Launched) -> Iterator[str]:
    """What is wrong with a launch of static-website."""
    outputs, cloudfront = launched.outputs, launched.client("cloudfront")
    distribution = cloudfront.get_distribution_config(Id=outputs["DistributionId"])["DistributionConfig"]
    behaviour = distribution["DefaultCacheBehavior"]
    if behaviour["ViewerProtocolPolicy"] not in ("redirect-to-https", "https-only"):
        yield "pages are delivered without TLS"
    if distribution["ViewerCertificate"].get("MinimumProtocolVersion") in (None, *_OLD_PROTOCOLS):
        yield "visitors may use old versions of TLS"
    if not all(origin.get("OriginAccessControlId") for origin in distribution["Origins"]["Items"]):
        yield "the files are not read by CloudFront in its own name"
    if not distribution["Logging"]["Enabled"]:
        yield "who asked for what is not recorded"
    headers = behaviour.get("ResponseHeadersPolicyId")
    if not headers:
        yield "pages come without security headers"
    else:
        policy = cloudfront.get_response_headers_policy_config(Id=headers)["ResponseHeadersPolicyConfig"]
        sent = policy.get("SecurityHeadersConfig", {})
        for name in ("StrictTransportSecurity", "ContentSecurityPolicy", "FrameOptions", "ContentTypeOptions"):
            if name not in sent:
                yield f"pages come without the header of {name}"
    yield from bucket_key_problems(launched, outputs["BucketName"])
    for bucket in (outputs["BucketName"], outputs["LogBucketName"]):
        yield from bucket_problems(launched, bucket)
