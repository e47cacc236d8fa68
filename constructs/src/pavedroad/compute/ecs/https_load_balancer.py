"""The HTTPS entrance of a service."""

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

TLS_POLICIES = (
    elbv2.SslPolicy.TLS13_12_RES_PQ,
    elbv2.SslPolicy.TLS13_12_PQ,
    elbv2.SslPolicy.TLS13_13_PQ,
    elbv2.SslPolicy.FIPS_TLS13_12_RES_PQ,
    elbv2.SslPolicy.FIPS_TLS13_12_PQ,
    elbv2.SslPolicy.FIPS_TLS13_13_PQ,
    elbv2.SslPolicy.TLS13_RES,
    elbv2.SslPolicy.TLS13_13,
    elbv2.SslPolicy.FIPS_TLS13_12_RES,
    elbv2.SslPolicy.FIPS_TLS13_12,
    elbv2.SslPolicy.FIPS_TLS13_13,
)
_TLS_1_2_OR_NEWER = ("ELBSecurityPolicy-TLS13-1-2-", "ELBSecurityPolicy-TLS13-1-3-")
_RESPONSE_HEADERS = {
    "routing.http.response.strict_transport_security.header_value": "max-age=31536000; includeSubDomains",
    "routing.http.response.x_content_type_options.header_value": "nosniff",
    "routing.http.response.server.enabled": "false",
}


@dataclass(frozen=True, kw_only=True)
class HttpsEndpoint:
    """How clients reach the service.

    Attributes:
        internal: Reachable inside the VPC and what is connected to it only. Left out: from the internet.
        clients: Who may connect to the ports 443 and 80. Left out: everyone for an internet-facing load balancer,
            nobody for an internal one until ``load_balancer.connections`` admits them.
        vpc_subnets: Where the load balancer stands. Left out: the public subnets, and the private ones if internal.
        domain_name: The fully qualified name that gets an alias record in ``hosted_zone``. Left out: no record.
        hosted_zone: The zone of ``domain_name``.
        ssl_policy: One of ``TLS_POLICIES``, TLS 1.2 or newer. Left out: TLS 1.2 and 1.3, forward secrecy, no CBC,
            post-quantum key exchange (``ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09``).
        desync_mitigation_mode: ``DEFENSIVE`` or ``STRICTEST``. Left out: ``DEFENSIVE``.
        idle_timeout: How long a connection may be silent, 1 to 4000 seconds. Left out: 60 seconds.
        web_acl_arn: An existing regional web ACL that filters the requests.
        managed_rule_groups: AWS managed rule groups for a web ACL of its own. Left out, without ``web_acl_arn``: IP
            reputation, common rules and known bad inputs, and none for an internal load balancer. Empty for an
            internet-facing one leaves the warning ``pavedroad:load-balancer-no-web-acl``.
        access_log_bucket: An SSE-S3 bucket of the same region for access logs; the policy of an imported one must
            admit ``logdelivery.elasticloadbalancing.amazonaws.com``. Left out: a bucket of its own, kept.
        access_log_prefix: The prefix in the bucket. Left out: ``load-balancer``.
        deletion_protection: Left out: on. ``False`` leaves the warning
            ``pavedroad:load-balancer-no-deletion-protection``.
    """

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
    access_log_prefix: str = "load-balancer"
    deletion_protection: bool = True

    @property
    def rule_groups(self) -> Sequence[str]:
        """The managed rule groups of the web ACL that is made."""
        if self.managed_rule_groups is not None:
            return self.managed_rule_groups
        return () if self.internal or self.web_acl_arn is not None else DEFAULT_RULE_GROUPS

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work or would weaken the entrance."""
        arguments.one_of("endpoint.ssl_policy", self.ssl_policy.name, [policy.name for policy in TLS_POLICIES])
        arguments.one_of(
            "endpoint.desync_mitigation_mode", self.desync_mitigation_mode.name, ("DEFENSIVE", "STRICTEST")
        )
        check_seconds(arguments, "endpoint.idle_timeout", self.idle_timeout, 1, 4000)
        arguments.matches(
            "endpoint.access_log_prefix", self.access_log_prefix, r"(?!AWSLogs)[^/].*[^/]", "a prefix without outer /"
        )
        arguments.matches(
            "endpoint.domain_name",
            self.domain_name,
            r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+",
            "a fully qualified name in lower case, such as orders.example.com",
        )
        if (self.domain_name is None) != (self.hosted_zone is None):
            arguments.refuse("endpoint.domain_name", self.domain_name, "give domain_name and hosted_zone together")
        self._check_web_acl(arguments)
        if self.access_log_bucket is not None and self.access_log_bucket.encryption_key is not None:
            arguments.refuse(
                "endpoint.access_log_bucket",
                self.access_log_bucket.node.path,
                "is encrypted with KMS, and Elastic Load Balancing delivers to SSE-S3 buckets only",
            )

    def _check_web_acl(self, arguments: Arguments) -> None:
        arguments.matches(
            "endpoint.web_acl_arn",
            self.web_acl_arn,
            r"arn:[a-z-]+:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/.+",
            "the ARN of a regional web ACL",
        )
        if self.web_acl_arn is not None and self.managed_rule_groups:
            arguments.refuse("endpoint.web_acl_arn", self.web_acl_arn, "give it or managed_rule_groups, not both")
        for name in self.managed_rule_groups or ():
            arguments.matches(
                "endpoint.managed_rule_groups",
                name,
                r"AWSManagedRules\w+",
                "the name of an AWS managed rule group, such as AWSManagedRulesSQLiRuleSet",
            )


class HttpsLoadBalancer(Construct):
    """An application load balancer that speaks TLS 1.2 or newer only and forwards to one target group.

    Args:
        scope: The parent construct.
        construct_id: The id, unique among the parent's children.
        vpc: The VPC that it stands in.
        certificate: The ACM certificate of the listener.
        target_group: Where requests go.
        endpoint: How clients reach it; checked by the caller with ``HttpsEndpoint.check``.
        encryption_key: Encrypts the web ACL's log group.

    Attributes:
        load_balancer: The L2 load balancer, with the id ``Resource``.
        listener: The HTTPS listener on port 443.
        web_acl: The web firewall that was made; ``None`` where an ARN was given or there is none.
        access_log_bucket: Where access logs go.

    Controls: ELB.1, ELB.4, ELB.5, ELB.6, ELB.12, ELB.13, ELB.16, ELB.17, ELB.18, nag EC23, ELB2, NIST AC-4(21),
    AC-17(2), AU-12, SC-7, SC-8, SC-13, SC-23.

    Example:
        >>> from aws_cdk import aws_elasticloadbalancingv2 as elbv2
        >>> from pavedroad.compute.ecs.https_load_balancer import HttpsEndpoint, HttpsLoadBalancer
        >>> target_group = elbv2.ApplicationTargetGroup(
        ...     stack,
        ...     "Targets",
        ...     vpc=vpc,
        ...     port=8080,
        ...     protocol=elbv2.ApplicationProtocol.HTTP,
        ...     target_type=elbv2.TargetType.IP,
        ... )
        >>> entrance = HttpsLoadBalancer(
        ...     stack,
        ...     "Entrance",
        ...     vpc=vpc,
        ...     certificate=certificate,
        ...     target_group=target_group,
        ...     endpoint=HttpsEndpoint(),
        ...     encryption_key=key,
        ... )
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        certificate: acm.ICertificate,
        target_group: elbv2.IApplicationTargetGroup,
        endpoint: HttpsEndpoint,
        encryption_key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self._endpoint = endpoint
        self._certificate = certificate
        self.load_balancer = elbv2.ApplicationLoadBalancer(
            self,
            "Resource",
            vpc=vpc,
            vpc_subnets=endpoint.vpc_subnets,
            internet_facing=not endpoint.internal,
            security_group=self._security_group(vpc),
            deletion_protection=endpoint.deletion_protection,
            drop_invalid_header_fields=True,
            desync_mitigation_mode=endpoint.desync_mitigation_mode,
            idle_timeout=endpoint.idle_timeout,
        )
        self.access_log_bucket = endpoint.access_log_bucket or access_log_bucket(self, "AccessLogs")
        deliver_access_logs(self.load_balancer, self.access_log_bucket, endpoint.access_log_prefix)
        self.listener = self._listener("Https", 443, default_target_groups=[target_group])
        self._redirect()
        self.web_acl = self._web_acl(encryption_key)
        self._alias_record()
        self._warn()
        hold(
            self,
            "HttpsLoadBalancer serves TLS 1.2 or newer only; a listener was weakened or added without it",
            lambda: all(map(_is_encrypted, self._listeners())),
        )

    def add_test_listener(self, port: int, clients: Sequence[ec2.IPeer]) -> elbv2.ApplicationListener:
        """A listener with the certificate and TLS policy of production, for ``clients`` who test a new version.

        Args:
            port: Its port.
            clients: Who may connect.
        """
        nothing = elbv2.ListenerAction.fixed_response(404, content_type="text/plain", message_body="Nothing to test")
        for client in clients:
            self.load_balancer.connections.allow_from(client, ec2.Port.tcp(port), "Tests of a new version")
        return self._listener("Test", port, default_action=nothing)

    def _security_group(self, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        endpoint = self._endpoint
        group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="Clients of the HTTPS load balancer",
            allow_all_outbound=False,
        )
        clients = endpoint.clients
        if clients is None:
            clients = [] if endpoint.internal else [ec2.Peer.any_ipv4()]
            if not endpoint.internal:
                for finding in ("AwsSolutions-EC23", "checkov::CKV_AWS_260", "PavedRoad-EC2-5"):
                    acknowledge(
                        group,
                        finding,
                        "The entrance of a public web service: the internet may reach port 443, TLS 1.2 and newer "
                        "behind a web ACL, and port 80, which only redirects to it. Nothing else is open.",
                    )
        for client in clients:
            group.add_ingress_rule(client, ec2.Port.HTTPS, "HTTPS")
            group.add_ingress_rule(client, ec2.Port.HTTP, "Redirected to HTTPS")
        return group

    def _listener(
        self,
        construct_id: str,
        port: int,
        *,
        default_target_groups: Sequence[elbv2.IApplicationTargetGroup] | None = None,
        default_action: elbv2.ListenerAction | None = None,
    ) -> elbv2.ApplicationListener:
        listener = self.load_balancer.add_listener(
            construct_id,
            port=port,
            protocol=elbv2.ApplicationProtocol.HTTPS,
            certificates=[elbv2.ListenerCertificate.from_certificate_manager(self._certificate)],
            ssl_policy=self._endpoint.ssl_policy,
            default_target_groups=default_target_groups,
            default_action=default_action,
            open=False,  # who may connect is said by the security group
        )
        for name, value in _RESPONSE_HEADERS.items():
            listener.set_attribute(name, value)
        return listener

    def _redirect(self) -> None:
        redirect = self.load_balancer.add_redirect(open=False)
        acknowledge(
            redirect,
            "NIST.800.53.R5-ELBv2ACMCertificateRequired",
            "The listener on port 80 answers every request with a permanent redirect to HTTPS and forwards none.",
        )

    def _web_acl(self, encryption_key: kms.IKey) -> WebFirewall | None:
        web_acl = None
        if self._endpoint.rule_groups:
            web_acl = WebFirewall(
                self,
                "WebAcl",
                managed_rule_groups=self._endpoint.rule_groups,
                encryption_key=encryption_key,
                # Released templates have this name.
                metric_name="WebAcl",
            )
        arn = web_acl.web_acl.attr_arn if web_acl else self._endpoint.web_acl_arn
        if arn is not None:
            wafv2.CfnWebACLAssociation(
                self, "WebAclAssociation", resource_arn=self.load_balancer.load_balancer_arn, web_acl_arn=arn
            )
        elif self._endpoint.internal:
            acknowledge(
                self.load_balancer,
                "NIST.800.53.R5-ALBWAFEnabled",
                "An internal load balancer has no route from the internet and admits named clients only; "
                "requests were filtered where they entered the network.",
            )
        return web_acl

    def _alias_record(self) -> None:
        if self._endpoint.domain_name is None or self._endpoint.hosted_zone is None:
            return
        route53.ARecord(
            self,
            "AliasRecord",
            zone=self._endpoint.hosted_zone,
            # The dot keeps the CDK from appending the zone, whose name may be a parameter.
            record_name=f"{self._endpoint.domain_name}.",
            target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(self.load_balancer)),
        )

    def _warn(self) -> None:
        annotations = Annotations.of(self)
        if not self._endpoint.deletion_protection:
            annotations.add_warning_v2(
                "pavedroad:load-balancer-no-deletion-protection", "This load balancer can be deleted by accident."
            )
        if not self._endpoint.internal and self._endpoint.web_acl_arn is None and not self._endpoint.rule_groups:
            annotations.add_warning_v2(
                "pavedroad:load-balancer-no-web-acl", "No web ACL filters the requests from the internet."
            )

    def _listeners(self) -> list[elbv2.CfnListener]:
        return [child for child in self.load_balancer.node.find_all() if isinstance(child, elbv2.CfnListener)]


def server_errors(
    answers: elbv2.IApplicationTargetGroupMetrics | elbv2.IApplicationLoadBalancerMetrics,
    load_balancer: elbv2.ApplicationLoadBalancer,
    period: Duration,
) -> cloudwatch.MathExpression:
    """Answers 5xx of the tasks, as ``answers`` counts them, and of the load balancer itself."""
    return cloudwatch.MathExpression(
        expression="FILL(tasks, 0) + FILL(entrance, 0)",
        label="Server errors",
        period=period,
        using_metrics={
            "tasks": answers.http_code_target(elbv2.HttpCodeTarget.TARGET_5XX_COUNT),
            "entrance": load_balancer.metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
        },
    )


def all_answers(
    answers: elbv2.IApplicationTargetGroupMetrics | elbv2.IApplicationLoadBalancerMetrics,
    load_balancer: elbv2.ApplicationLoadBalancer,
    period: Duration,
) -> cloudwatch.MathExpression:
    """Requests that a task got, as ``answers`` counts them, and errors of the load balancer, which found no task."""
    return cloudwatch.MathExpression(
        expression="FILL(requests, 0) + FILL(entrance, 0)",
        label="Answers",
        period=period,
        using_metrics={
            "requests": answers.request_count(),
            "entrance": load_balancer.metrics.http_code_elb(elbv2.HttpCodeElb.ELB_5XX_COUNT),
        },
    )


def _is_encrypted(listener: elbv2.CfnListener) -> bool:
    if listener.protocol == "HTTPS":
        return (listener.ssl_policy or "").startswith(_TLS_1_2_OR_NEWER)
    actions: list[dict[str, Any]] = Stack.of(listener).resolve(listener.default_actions)
    return all(action.get("redirectConfig", {}).get("protocol") == "HTTPS" for action in actions)
