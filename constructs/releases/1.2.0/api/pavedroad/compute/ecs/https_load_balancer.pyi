from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from aws_cdk import Annotations, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.access_logs import access_log_bucket, deliver_access_logs
from pavedroad.durations import check_seconds
from pavedroad.invariants import hold
from pavedroad.network.web_firewall import WebFirewall
from pavedroad.network.web_firewall_rules import DEFAULT_RULE_GROUPS
from pavedroad.security.acknowledgments import acknowledge
TLS_POLICIES = (elbv2.SslPolicy.TLS13_12_RES_PQ, elbv2.SslPolicy.TLS13_12_PQ, elbv2.SslPolicy.TLS13_13_PQ, elbv2.SslPolicy.FIPS_TLS13_12_RES_PQ, elbv2.SslPolicy.FIPS_TLS13_12_PQ, elbv2.SslPolicy.FIPS_TLS13_13_PQ, elbv2.SslPolicy.TLS13_RES, elbv2.SslPolicy.TLS13_13, elbv2.SslPolicy.FIPS_TLS13_12_RES, elbv2.SslPolicy.FIPS_TLS13_12, elbv2.SslPolicy.FIPS_TLS13_13)
_TLS_1_2_OR_NEWER = ('ELBSecurityPolicy-TLS13-1-2-', 'ELBSecurityPolicy-TLS13-1-3-')
_RESPONSE_HEADERS = {'routing.http.response.strict_transport_security.header_value': 'max-age=31536000; includeSubDomains', 'routing.http.response.x_content_type_options.header_value': 'nosniff', 'routing.http.response.server.enabled': 'false'}

@dataclass(frozen=True, kw_only=True)
class HttpsEndpoint:
    internal: bool = False
    clients: Sequence[ec2.IPeer] | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    domain_name: str | None = None
    hosted_zone: route53.IHostedZone | None = None
    ssl_policy: elbv2.SslPolicy = elbv2.SslPolicy.TLS13_12_RES_PQ
    desync_mitigation_mode: elbv2.DesyncMitigationMode = elbv2.DesyncMitigationMode.DEFENSIVE
    idle_timeout: Duration | None = None
    web_acl_arn: str | None = None
    managed_rule_groups: Sequence[str] | None = None
    access_log_bucket: s3.IBucket | None = None
    access_log_prefix: str = 'load-balancer'
    deletion_protection: bool = True

    @property
    def rule_groups(self) -> Sequence[str]:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

class HttpsLoadBalancer(Construct):

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, certificate: acm.ICertificate, target_group: elbv2.IApplicationTargetGroup, endpoint: HttpsEndpoint, encryption_key: kms.IKey) -> None:
        self.access_log_bucket = ...
        self.listener = ...
        self.load_balancer = ...
        self.web_acl = ...

    def add_test_listener(self, port: int, clients: Sequence[ec2.IPeer]) -> elbv2.ApplicationListener:
        ...

def server_errors(answers: elbv2.IApplicationTargetGroupMetrics | elbv2.IApplicationLoadBalancerMetrics, load_balancer: elbv2.ApplicationLoadBalancer, period: Duration) -> cloudwatch.MathExpression:
    ...

def all_answers(answers: elbv2.IApplicationTargetGroupMetrics | elbv2.IApplicationLoadBalancerMetrics, load_balancer: elbv2.ApplicationLoadBalancer, period: Duration) -> cloudwatch.MathExpression:
    ...
