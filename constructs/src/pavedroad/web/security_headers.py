"""The headers by which a website tells browsers what they must not do."""

from dataclasses import dataclass

from aws_cdk import Duration, Token
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.naming import unique_name

_SELF_ONLY = (
    "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "upgrade-insecure-requests"
)
_NO_DEVICES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# What S3 tells of itself: the key's ARN has the account's id in it.
_TOLD_BY_S3 = (
    "server",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-version-id",
)
_FRAME_OPTIONS = ("DENY", "SAMEORIGIN")


@dataclass(frozen=True, kw_only=True)
class SecurityHeaders:
    """The security headers of every answer; whatever the origin says instead is overridden.

    Attributes:
        content_security_policy: Where a page's scripts, styles, images and frames may come from. Left out: from the
            website itself alone, and no other site may show it in a frame.
        frame_option: Who may show the website in a frame, for browsers that know no policy: ``DENY`` or
            ``SAMEORIGIN``. Left out: nobody.
        hsts_max_age: How long browsers ask over TLS only, a year or more. Left out: two years.
        hsts_subdomains: Whether that holds for all subdomains as well. Left out: it does.
        permissions_policy: Which devices a page may use. Left out: no camera, microphone, position, payment or USB.

    Source: https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
    """

    content_security_policy: str = _SELF_ONLY
    frame_option: str = "DENY"
    hsts_max_age: Duration = Duration.days(730)  # noqa: RUF009 - a Duration does not change
    hsts_subdomains: bool = True
    permissions_policy: str = _NO_DEVICES

    def check(self, arguments: Arguments) -> None:
        """Refuse what protects nobody."""
        policy = self.content_security_policy
        if not Token.is_unresolved(policy) and not policy.strip():
            arguments.refuse("headers.content_security_policy", policy, "must say where content may come from")
        arguments.one_of("headers.frame_option", self.frame_option, _FRAME_OPTIONS)
        if not self.hsts_max_age.is_unresolved():
            arguments.between("headers.hsts_max_age", self.hsts_max_age.to_days(integral=False), 365, 3650)


def response_headers_policy(scope: Construct, headers: SecurityHeaders) -> cloudfront.ResponseHeadersPolicy:
    """The policy of a distribution that sets ``headers`` and removes what S3 tells of its key."""
    return cloudfront.ResponseHeadersPolicy(
        scope,
        "Headers",
        # The CDK's own name is the same in every stack that is launched from one template.
        response_headers_policy_name=unique_name(scope, longest=60, otherwise="website"),
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=headers.content_security_policy, override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=getattr(cloudfront.HeadersFrameOption, headers.frame_option), override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=headers.hsts_max_age,
                include_subdomains=headers.hsts_subdomains,
                override=True,
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(
                    header="Permissions-Policy", value=headers.permissions_policy, override=True
                )
            ]
        ),
        remove_headers=list(_TOLD_BY_S3),
    )
