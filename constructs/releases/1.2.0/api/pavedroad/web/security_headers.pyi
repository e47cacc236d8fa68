from dataclasses import dataclass
from aws_cdk import Duration, Token
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.naming import unique_name
_SELF_ONLY = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; upgrade-insecure-requests"
_NO_DEVICES = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'
_TOLD_BY_S3 = ('server', 'x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-server-side-encryption-bucket-key-enabled', 'x-amz-version-id')
_FRAME_OPTIONS = ('DENY', 'SAMEORIGIN')

@dataclass(frozen=True, kw_only=True)
class SecurityHeaders:
    content_security_policy: str = _SELF_ONLY
    frame_option: str = 'DENY'
    hsts_max_age: Duration = Duration.days(730)
    hsts_subdomains: bool = True
    permissions_policy: str = _NO_DEVICES

    def check(self, arguments: Arguments) -> None:
        ...

def response_headers_policy(scope: Construct, headers: SecurityHeaders) -> cloudfront.ResponseHeadersPolicy:
    ...
