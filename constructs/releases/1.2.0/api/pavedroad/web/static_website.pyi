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
_DOMAIN = '(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}'
_CERTIFICATE = 'arn:aws[a-z-]*:acm:us-east-1:\\d{12}:certificate/[\\w-]+'
_WEB_ACL = 'arn:aws[a-z-]*:wafv2:us-east-1:\\d{12}:global/webacl/[\\w-]+/[a-f0-9-]+'
_COUNTRY = '[A-Z]{2}'
_NO_NAMES = "Without names of its own the website has CloudFront's certificate, for which CloudFront takes TLS 1.0 as well and no other setting; what visitors read is public, and they are redirected from plain text."
_NO_FIREWALL = 'No web ACL refuses or limits what visitors ask for. Behind it are files that CloudFront alone reads, no program and no database; AWS Shield Standard takes floods.'
_DEFAULT_HEADERS = SecurityHeaders()
_DEFAULT_THRESHOLDS = StaticWebsiteAlarmThresholds()

class StaticWebsite(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, domain_names: Sequence[str]=(), certificate_arn: str | None=None, web_acl_arn: str | None=None, single_page_application: bool=False, root_object: str='index.html', error_page: str | None=None, headers: SecurityHeaders=_DEFAULT_HEADERS, allowed_countries: Sequence[str]=(), blocked_countries: Sequence[str]=(), price_class: cloudfront.PriceClass=cloudfront.PriceClass.PRICE_CLASS_ALL, minimum_protocol: cloudfront.SecurityPolicyProtocol=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021, encryption_key: kms.IKey | None=None, log_bucket: s3.IBucket | None=None, log_retention: Duration | None=None) -> None:
        self.bucket = ...
        self.content = ...
        self.distribution = ...
        self.encryption_key = ...
        self.headers_policy = ...
        self.log_bucket = ...

    def add_alarms(self, topic: sns.ITopic, thresholds: StaticWebsiteAlarmThresholds=_DEFAULT_THRESHOLDS) -> list[cloudwatch.Alarm]:
        ...

    def metric(self, metric_name: str, statistic: str='Average') -> cloudwatch.Metric:
        ...

    def dashboard_widgets(self, graphs: DashboardGraphs) -> list[cloudwatch.IWidget]:
        ...

    def grant_publish(self, grantee: iam.IGrantable) -> None:
        ...
