"""A website of files, delivered by CloudFront from a private bucket."""

from collections.abc import Sequence
from dataclasses import replace

from aws_cdk import Annotations, Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from pavedroad.arguments import Arguments
from pavedroad.observability.cloudwatch.graphs import DashboardGraphs
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.version_stamp import stamp
from pavedroad.web.alarms import METRICS_REGION, StaticWebsiteAlarmThresholds, website_alarms, website_metric
from pavedroad.web.content import LOG_PREFIX, content_bucket, private_origin, request_log_bucket
from pavedroad.web.pages import answers_for_missing, index_of_folders
from pavedroad.web.security_headers import SecurityHeaders, response_headers_policy
from pavedroad.web.website_invariants import hold_website

_DOMAIN = r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
_CERTIFICATE = r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[\w-]+"
_WEB_ACL = r"arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global/webacl/[\w-]+/[a-f0-9-]+"
_COUNTRY = "[A-Z]{2}"
_NO_NAMES = (
    "Without names of its own the website has CloudFront's certificate, for which CloudFront takes TLS 1.0 as well and "
    "no other setting; what visitors read is public, and they are redirected from plain text."
)
_NO_FIREWALL = (
    "No web ACL refuses or limits what visitors ask for. Behind it are files that CloudFront alone reads, no program "
    "and no database; AWS Shield Standard takes floods."
)
_DEFAULT_HEADERS = SecurityHeaders()
_DEFAULT_THRESHOLDS = StaticWebsiteAlarmThresholds()


class StaticWebsite(Construct):
    """A website of files: CloudFront before a private, encrypted bucket, TLS only, security headers, logs.

    A pipeline uploads the files and invalidates what CloudFront has of older ones: ``grant_publish`` gives it the
    rights. A DNS alias of each name to the distribution is made where the zone is.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        domain_names: Names by which the website is called. Left out: CloudFront's own name, whose certificate admits
            TLS 1.0, which leaves the warning ``pavedroad:website-own-domain``.
        certificate_arn: The ACM certificate of the names, in us-east-1, where CloudFront reads it. Required with names.
        web_acl_arn: The web ACL for CloudFront, in us-east-1: ``WebFirewall(acl_scope="CLOUDFRONT")`` makes one. Left
            out: none, which leaves the warning ``pavedroad:website-no-firewall``.
        single_page_application: Answer the root object for every path without a file, for an application that has paths
            of its own. Left out: paths without a file are not found, and a folder is answered by its ``index.html``.
        root_object: What ``/`` is answered with. Left out: ``index.html``.
        error_page: The path of the page for what is not found, such as ``/404.html``. Left out: CloudFront's own.
        headers: The security headers. Left out: those of ``SecurityHeaders``.
        allowed_countries: Codes of two letters, such as ``DE``; visitors of other countries are refused. Left out: all.
        blocked_countries: Codes of countries whose visitors are refused. Left out: none.
        price_class: Where CloudFront has edge locations for it. Left out: everywhere.
        minimum_protocol: The oldest TLS: ``TLS_V1_2_2021`` or a newer one. Left out: ``TLS_V1_2_2021``.
        encryption_key: Encrypts the files; an imported one must admit CloudFront itself. Left out: a new key with
            yearly rotation, kept when the stack is deleted.
        log_bucket: Receives the logs of the distribution and of the bucket: one of the same account and region in
            SSE-S3, with access control lists, which CloudFront needs. Left out: an own one.
        log_retention: How long an own bucket keeps the logs. Left out: a year.

    Attributes:
        distribution: The L2 distribution, with the id ``Resource``.
        content: The ``SecureBucket`` with the files.
        bucket: Its L2 bucket.
        log_bucket: The bucket with the logs.
        headers_policy: The response headers policy.
        encryption_key: The key in use.

    Raises:
        InvalidArgumentsError: Arguments contradict each other or cannot work; all are named.

    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/SecurityAndCompliance.html
    Controls: CloudFront.1 (root object), .3 (TLS), .5 (logs), .6 (web ACL, optional), .7, .8 and .15 (certificate, SNI
        and TLS 1.2, with names), .9 and .10 (TLS to the origin), .12 and .13 (private origin), .14 (tags), .16 (no
        function URL), nag CFR1 to CFR7, S3.1, S3.5, S3.9, S3.17, NIST AC-3, AU-2, SC-7, SC-8, SC-28. CloudFront.4
        (a second origin) is not met: S3 keeps files in three zones, and a pipeline uploads them again elsewhere.

    Example:
        >>> website = StaticWebsite(
        ...     stack,
        ...     "Website",
        ...     domain_names=["www.example.com"],
        ...     certificate_arn="arn:aws:acm:us-east-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
        ...     web_acl_arn="arn:aws:wafv2:us-east-1:111111111111:global/webacl/site/01234567-89ab-cdef-0123-4567",
        ...     error_page="/404.html",
        ... )
        >>> website.add_alarms(topic)
        >>> website.grant_publish(role)
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain_names: Sequence[str] = (),
        certificate_arn: str | None = None,
        web_acl_arn: str | None = None,
        single_page_application: bool = False,
        root_object: str = "index.html",
        error_page: str | None = None,
        headers: SecurityHeaders = _DEFAULT_HEADERS,
        allowed_countries: Sequence[str] = (),
        blocked_countries: Sequence[str] = (),
        price_class: cloudfront.PriceClass = cloudfront.PriceClass.PRICE_CLASS_ALL,
        minimum_protocol: cloudfront.SecurityPolicyProtocol = cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        encryption_key: kms.IKey | None = None,
        log_bucket: s3.IBucket | None = None,
        log_retention: Duration | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        arguments = Arguments(self)
        _check_names(arguments, domain_names, certificate_arn)
        arguments.matches("web_acl_arn", web_acl_arn, _WEB_ACL, "the ARN of a web ACL for CloudFront, in us-east-1")
        arguments.matches("root_object", root_object, r"[^/].*", "the name of a file, without a slash before it")
        arguments.matches("error_page", error_page, r"/.+", "a path such as /404.html")
        if single_page_application and error_page is not None:
            arguments.refuse("error_page", error_page, "is never shown: a single-page application answers every path")
        _check_countries(arguments, allowed_countries, blocked_countries)
        arguments.matches(
            "minimum_protocol", minimum_protocol.value, r"TLS_V1_([2]_20(21|25)|3_2025)", "TLS_V1_2_2021 or newer"
        )
        headers.check(arguments)
        arguments.check()

        self.log_bucket: s3.IBucket = log_bucket or request_log_bucket(self, log_retention or Duration.days(365))
        self.content = content_bucket(self, encryption_key=encryption_key, log_bucket=self.log_bucket)
        self.bucket = self.content.bucket
        assert self.content.encryption_key
        self.encryption_key = self.content.encryption_key
        self.headers_policy = response_headers_policy(self, headers)
        self.distribution = cloudfront.Distribution(
            self,
            "Resource",
            comment=f"Website {self.node.path}"[:128],
            default_behavior=cloudfront.BehaviorOptions(
                origin=private_origin(self, self.content),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                response_headers_policy=self.headers_policy,
                function_associations=None if single_page_application else [index_of_folders(self)],
            ),
            default_root_object=root_object,
            error_responses=answers_for_missing(
                single_page_application=single_page_application, root_object=root_object, error_page=error_page
            ),
            domain_names=list(domain_names) or None,
            certificate=self._certificate(certificate_arn),
            minimum_protocol_version=minimum_protocol if certificate_arn else None,
            ssl_support_method=cloudfront.SSLMethod.SNI if certificate_arn else None,
            web_acl_id=web_acl_arn,
            geo_restriction=_restriction(allowed_countries, blocked_countries),
            price_class=price_class,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_logging=True,
            log_bucket=self.log_bucket,
            log_file_prefix=LOG_PREFIX,
        )
        # CloudFront looks at the bucket's access control lists while it is made.
        self.distribution.node.add_dependency(self.log_bucket)
        self._acknowledge(
            has_names=bool(domain_names),
            has_firewall=web_acl_arn is not None,
            is_restricted=bool(allowed_countries or blocked_countries),
        )
        hold_website(self, self.distribution)
        stamp(self)

    def add_alarms(
        self, topic: sns.ITopic, thresholds: StaticWebsiteAlarmThresholds = _DEFAULT_THRESHOLDS
    ) -> list[cloudwatch.Alarm]:
        """Tell ``topic`` when visitors get errors, or the bucket refuses or fails what CloudFront reads.

        CloudFront publishes its metrics in us-east-1, and an alarm reads those of its own region: in another region
        the two alarms on the bucket stand alone.

        Args:
            topic: Told on alarm and on recovery; it must admit ``cloudwatch.amazonaws.com``.
            thresholds: Left out: those of ``StaticWebsiteAlarmThresholds``.
        """
        return website_alarms(
            self, distribution=self.distribution, content=self.content, topic=topic, thresholds=thresholds
        )

    def metric(self, metric_name: str, statistic: str = "Average") -> cloudwatch.Metric:
        """A metric of the distribution, such as ``5xxErrorRate``, over five minutes; it is read in us-east-1."""
        return website_metric(self.distribution.distribution_id, metric_name, statistic)

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        """The row of a ``ServiceDashboard``: what visitors ask for, and the errors that they get."""

        def metric(name: str, statistic: str) -> cloudwatch.Metric:
            return website_metric(self.distribution.distribution_id, name, statistic, graphs.period)

        edge = replace(graphs, region=METRICS_REGION)
        return [
            edge.graph("Traffic: requests", [metric("Requests", "Sum")], width=8),
            edge.graph("Traffic: bytes", [metric("BytesDownloaded", "Sum")], width=8),
            edge.graph(
                "Errors: 4xx and 5xx (%)", [metric(f"{kind}ErrorRate", "Average") for kind in ("4xx", "5xx")], width=8
            ),
        ]

    def grant_publish(self, grantee: iam.IGrantable) -> None:
        """Let ``grantee`` upload and delete files, the use of the key included, and invalidate cached ones."""
        for sid, actions, resource in (
            (
                "Invalidate",
                ["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
                self.distribution.distribution_arn,
            ),
            ("ListFiles", ["s3:ListBucket"], self.bucket.bucket_arn),
            (
                "ChangeFiles",
                ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                self.bucket.arn_for_objects("*"),
            ),
            ("UseKey", ["kms:Decrypt", "kms:GenerateDataKey"], self.encryption_key.key_arn),
        ):
            grantee.grant_principal.add_to_principal_policy(
                iam.PolicyStatement(sid=sid, actions=actions, resources=[resource])
            )

    def _certificate(self, arn: str | None) -> acm.ICertificate | None:
        return acm.Certificate.from_certificate_arn(self, "Certificate", arn) if arn else None

    def _acknowledge(self, *, has_names: bool, has_firewall: bool, is_restricted: bool) -> None:
        annotations = Annotations.of(self)
        if not has_names:
            annotations.add_warning_v2("pavedroad:website-own-domain", _NO_NAMES)
            for finding in ("AwsSolutions-CFR4", "checkov::CKV_AWS_174", "PavedRoad-CloudFront-1"):
                acknowledge(self.distribution, finding, _NO_NAMES)
        if not has_firewall:
            annotations.add_warning_v2("pavedroad:website-no-firewall", _NO_FIREWALL)
            for finding in ("AwsSolutions-CFR2", "checkov::CKV_AWS_68", "PavedRoad-CloudFront-2"):
                acknowledge(self.distribution, finding, _NO_FIREWALL)
        if not is_restricted:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR1",
                "A website is for everybody unless its owner says for which countries, with allowed_countries or "
                "blocked_countries.",
            )


def _check_names(arguments: Arguments, domain_names: Sequence[str], certificate_arn: str | None) -> None:
    for name in domain_names:
        arguments.matches("domain_names", name, _DOMAIN, "a domain name in lower case, such as www.example.com")
    arguments.matches("certificate_arn", certificate_arn, _CERTIFICATE, "the ARN of an ACM certificate in us-east-1")
    if domain_names and certificate_arn is None:
        arguments.refuse("certificate_arn", None, "is required where there are domain_names")
    if certificate_arn is not None and not domain_names:
        arguments.refuse("domain_names", list(domain_names), "must name what the certificate is for")


def _check_countries(arguments: Arguments, allowed: Sequence[str], blocked: Sequence[str]) -> None:
    for name, countries in (("allowed_countries", allowed), ("blocked_countries", blocked)):
        for country in countries:
            arguments.matches(name, country, _COUNTRY, "a country's code of two capital letters")
    if allowed and blocked:
        arguments.refuse("blocked_countries", list(blocked), "give it or allowed_countries")


def _restriction(allowed: Sequence[str], blocked: Sequence[str]) -> cloudfront.GeoRestriction | None:
    if allowed:
        return cloudfront.GeoRestriction.allowlist(*allowed)
    return cloudfront.GeoRestriction.denylist(*blocked) if blocked else None
