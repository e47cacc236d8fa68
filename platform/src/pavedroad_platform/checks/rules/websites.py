"""Rules for websites and the distributions before them."""

from pavedroad_platform.checks.rules.rule import Requirement, Rule, at_least, equals, is_intrinsic, is_true, present

_DISTRIBUTION = "AWS::CloudFront::Distribution"
_HEADERS = "AWS::CloudFront::ResponseHeadersPolicy"
_SECURITY = "ResponseHeadersPolicyConfig.SecurityHeadersConfig"
_CUSTOM = "ResponseHeadersPolicyConfig.CustomHeadersConfig.Items"
_OWASP = "https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html"
_YEAR_SECONDS = 365 * 24 * 60 * 60
_MODERN_TLS = ("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025")


def _is_modern_tls(protocol: object) -> bool:
    return protocol in _MODERN_TLS or is_intrinsic(protocol)


def _removes(header: str) -> Requirement:
    return lambda items: any(item.get("Header") == header for item in items or [])


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-CloudFront-1",
        resource_type=_DISTRIBUTION,
        place="DistributionConfig.ViewerCertificate.MinimumProtocolVersion",
        requires=_is_modern_tls,
        message="takes TLS that is out of date: set TLSv1.2_2021 or newer, with a certificate of one's own",
        source="AWS Security Hub CloudFront.15",
    ),
    Rule(
        id="PavedRoad-CloudFront-2",
        resource_type=_DISTRIBUTION,
        place="DistributionConfig.WebACLId",
        requires=present,
        message="lets every request through: name a web ACL",
        source="AWS Security Hub CloudFront.6",
    ),
    Rule(
        id="PavedRoad-CloudFront-3",
        resource_type=_DISTRIBUTION,
        place="DistributionConfig.DefaultRootObject",
        requires=present,
        message="may list the origin's files: name the object that / is answered with",
        source="AWS Security Hub CloudFront.1",
        when=lambda properties: "S3OriginConfig" in str(properties),
    ),
    Rule(
        id="PavedRoad-CloudFront-4",
        resource_type=_DISTRIBUTION,
        place="DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId",
        requires=present,
        message="answers without security headers: name a response headers policy",
        source=_OWASP,
    ),
    Rule(
        id="PavedRoad-CloudFront-5",
        resource_type="AWS::CloudFront::OriginAccessControl",
        place="OriginAccessControlConfig.SigningBehavior",
        requires=equals("always"),
        message="asks the origin as nobody: set SigningBehavior to always",
        source="AWS Security Hub CloudFront.13",
    ),
    *(
        Rule(
            id=f"PavedRoad-CloudFront-{6 + number}",
            resource_type=_HEADERS,
            place=f"{_SECURITY}.{header}.Override",
            requires=is_true,
            message=f"lets answers say less than the policy: set {header} with Override",
            source=_OWASP,
        )
        for number, header in enumerate(
            (
                "StrictTransportSecurity",
                "ContentSecurityPolicy",
                "ContentTypeOptions",
                "FrameOptions",
                "ReferrerPolicy",
            )
        )
    ),
    Rule(
        id="PavedRoad-CloudFront-11",
        resource_type=_HEADERS,
        place=f"{_SECURITY}.StrictTransportSecurity.AccessControlMaxAgeSec",
        requires=at_least(_YEAR_SECONDS),
        message="lets browsers forget that the site is asked over TLS only: set a year or more",
        source="https://hstspreload.org",
    ),
    Rule(
        id="PavedRoad-CloudFront-12",
        resource_type=_HEADERS,
        place=f"{_SECURITY}.StrictTransportSecurity.IncludeSubdomains",
        requires=is_true,
        message="lets subdomains be asked in plain text, which can set the site's cookies: set IncludeSubdomains",
        source="https://hstspreload.org",
    ),
    Rule(
        id="PavedRoad-CloudFront-13",
        resource_type=_HEADERS,
        place=f"{_CUSTOM}.*.Override",
        requires=is_true,
        message="lets answers say less than the policy: set Permissions-Policy with Override",
        source=_OWASP,
    ),
    Rule(
        id="PavedRoad-CloudFront-14",
        resource_type=_HEADERS,
        place="ResponseHeadersPolicyConfig.RemoveHeadersConfig.Items",
        requires=_removes("x-amz-server-side-encryption-aws-kms-key-id"),
        message="tells visitors the key's ARN and the account: remove x-amz-server-side-encryption-aws-kms-key-id",
        source="NIST SP 800-53 SC-30",
    ),
)
