"""The entrance of a service, made as its users make it: through the service."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.compute.ecs.https_load_balancer import TLS_POLICIES, HttpsEndpoint

WEB_ACL_ARN = "arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/shared/12345678"
Make = Callable[..., FargateService]
Findings = Callable[[cdk.Stack], list[str]]


def attributes(template: Template) -> dict[str, Any]:
    (load_balancer,) = template.find_resources("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
    return {entry["Key"]: entry["Value"] for entry in load_balancer["Properties"]["LoadBalancerAttributes"]}


def test_serves_tls_and_redirects_what_comes_without(stack: cdk.Stack, make_service: Make) -> None:
    make_service()
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Port": 443,
            "Protocol": "HTTPS",
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
            "Certificates": [{"CertificateArn": Match.string_like_regexp("^arn:aws:acm:")}],
            "DefaultActions": [Match.object_like({"Type": "forward"})],
            "ListenerAttributes": Match.array_with(
                [
                    {
                        "Key": "routing.http.response.strict_transport_security.header_value",
                        "Value": "max-age=31536000; includeSubDomains",
                    },
                    {"Key": "routing.http.response.server.enabled", "Value": "false"},
                ]
            ),
        },
    )
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "Port": 80,
            "DefaultActions": [
                {
                    "Type": "redirect",
                    "RedirectConfig": {"Port": "443", "Protocol": "HTTPS", "StatusCode": "HTTP_301"},
                }
            ],
        },
    )
    template.resource_count_is("AWS::ElasticLoadBalancingV2::Listener", 2)


def test_is_hardened_and_logged(stack: cdk.Stack, make_service: Make) -> None:
    service = make_service()
    template = Template.from_stack(stack)
    assert attributes(template) == {
        "access_logs.s3.bucket": stack.resolve(service.entrance.access_log_bucket.bucket_name),
        "access_logs.s3.enabled": "true",
        "access_logs.s3.prefix": "load-balancer",
        "deletion_protection.enabled": "true",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "true",
    }
    (policy,) = template.find_resources("AWS::S3::BucketPolicy")
    template.has_resource(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"DependsOn": Match.array_with([policy]), "Properties": {"Scheme": "internet-facing"}},
    )


def test_logs_are_delivered_in_any_region_and_for_this_account_only(stack: cdk.Stack, make_service: Make) -> None:
    bucket = s3.Bucket(stack, "Logs", encryption=s3.BucketEncryption.S3_MANAGED)
    make_service(endpoint=HttpsEndpoint(access_log_bucket=bucket, access_log_prefix="orders"))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::S3::Bucket", 1)
    arn = stack.resolve(bucket.bucket_arn)
    template.has_resource_properties(
        "AWS::S3::BucketPolicy",
        {
            "PolicyDocument": {
                "Statement": Match.array_with(
                    [
                        {
                            "Action": "s3:PutObject",
                            "Condition": {
                                "ArnLike": {"aws:SourceArn": stack.resolve(_load_balancers(stack))},
                            },
                            "Effect": "Allow",
                            "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                            "Resource": {
                                "Fn::Join": ["", [arn, "/orders/AWSLogs/", {"Ref": "AWS::AccountId"}, "/*"]],
                            },
                        }
                    ]
                )
            }
        },
    )


def test_logs_can_go_to_a_bucket_of_another_stack(stack: cdk.Stack, make_service: Make) -> None:
    bucket = s3.Bucket.from_bucket_name(stack, "Archive", "log-archive")
    make_service(endpoint=HttpsEndpoint(access_log_bucket=bucket))
    template = Template.from_stack(stack)
    assert attributes(template)["access_logs.s3.bucket"] == "log-archive"
    template.resource_count_is("AWS::S3::BucketPolicy", 0)


def test_a_web_acl_of_managed_rules_filters_and_logs(stack: cdk.Stack, make_service: Make) -> None:
    make_service()
    template = Template.from_stack(stack)
    (web_acl,) = template.find_resources("AWS::WAFv2::WebACL").values()
    names = [rule["Statement"]["ManagedRuleGroupStatement"]["Name"] for rule in web_acl["Properties"]["Rules"]]
    assert names == [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
    ]
    assert all(rule["OverrideAction"] == {"None": {}} for rule in web_acl["Properties"]["Rules"])
    template.has_resource_properties("AWS::WAFv2::WebACLAssociation", {"WebACLArn": Match.any_value()})
    template.has_resource_properties(
        "AWS::WAFv2::LoggingConfiguration",
        {"RedactedFields": [{"SingleHeader": {"Name": "authorization"}}, {"SingleHeader": {"Name": "cookie"}}]},
    )
    (name,) = [
        group["Properties"]["LogGroupName"]
        for group in template.find_resources("AWS::Logs::LogGroup").values()
        if "LogGroupName" in group["Properties"]
    ]
    assert name["Fn::Join"][1][0].startswith("aws-waf-logs-")


def test_a_given_web_acl_is_used(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    make_service(endpoint=HttpsEndpoint(web_acl_arn=WEB_ACL_ARN))
    template = Template.from_stack(stack)
    template.resource_count_is("AWS::WAFv2::WebACL", 0)
    template.has_resource_properties("AWS::WAFv2::WebACLAssociation", {"WebACLArn": WEB_ACL_ARN})
    assert pack_findings(stack) == []


def test_an_internal_one_admits_named_clients_only(
    stack: cdk.Stack, make_service: Make, pack_findings: Findings
) -> None:
    make_service(endpoint=HttpsEndpoint(internal=True, clients=[ec2.Peer.ipv4("10.0.0.0/8")]))
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {"Scheme": "internal", "Subnets": ["subnet-private-1", "subnet-private-2"]},
    )
    template.has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {
            "GroupDescription": "Clients of the HTTPS load balancer",
            "SecurityGroupIngress": [
                Match.object_like({"CidrIp": "10.0.0.0/8", "FromPort": 443}),
                Match.object_like({"CidrIp": "10.0.0.0/8", "FromPort": 80}),
            ],
        },
    )
    template.resource_count_is("AWS::WAFv2::WebACLAssociation", 0)
    assert pack_findings(stack) == []


def test_an_internal_one_is_closed_until_somebody_is_admitted(stack: cdk.Stack, make_service: Make) -> None:
    make_service(endpoint=HttpsEndpoint(internal=True))
    Template.from_stack(stack).has_resource_properties(
        "AWS::EC2::SecurityGroup",
        {"GroupDescription": "Clients of the HTTPS load balancer", "SecurityGroupIngress": Match.absent()},
    )


def test_without_a_web_acl_the_packs_say_so(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    make_service(endpoint=HttpsEndpoint(managed_rule_groups=[]))
    assert [finding.split(":")[0] for finding in pack_findings(stack)] == ["NIST.800.53.R5-ALBWAFEnabled"]


def test_a_domain_gets_an_alias_record(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    zone = route53.HostedZone.from_hosted_zone_attributes(
        stack,
        "Zone",
        hosted_zone_id="Z123",
        zone_name=cdk.CfnParameter(stack, "ZoneName").value_as_string,
    )
    domain = cdk.CfnParameter(stack, "Domain").value_as_string
    service = make_service(endpoint=HttpsEndpoint(domain_name=domain, hosted_zone=zone))
    load_balancer = stack.resolve(service.load_balancer.load_balancer_dns_name)
    Template.from_stack(stack).has_resource_properties(
        "AWS::Route53::RecordSet",
        {
            "Name": {"Fn::Join": ["", [{"Ref": "Domain"}, "."]]},
            "Type": "A",
            "AliasTarget": {"DNSName": {"Fn::Join": ["", ["dualstack.", load_balancer]]}},
        },
    )
    assert pack_findings(stack) == []


def test_options_reach_the_load_balancer(stack: cdk.Stack, make_service: Make, pack_findings: Findings) -> None:
    make_service(
        endpoint=HttpsEndpoint(
            ssl_policy=elbv2.SslPolicy.TLS13_13_PQ,
            desync_mitigation_mode=elbv2.DesyncMitigationMode.STRICTEST,
            idle_timeout=cdk.Duration.minutes(5),
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS),
            managed_rule_groups=["AWSManagedRulesSQLiRuleSet"],
        )
    )
    template = Template.from_stack(stack)
    found = attributes(template)
    assert found["routing.http.desync_mitigation_mode"] == "strictest"
    assert found["idle_timeout.timeout_seconds"] == "300"
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener", {"SslPolicy": "ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"}
    )
    template.has_resource_properties(
        "AWS::ElasticLoadBalancingV2::LoadBalancer", {"Subnets": ["subnet-private-1", "subnet-private-2"]}
    )
    assert pack_findings(stack) == []


@pytest.mark.parametrize("policy", TLS_POLICIES, ids=lambda policy: policy.name)
def test_every_admitted_policy_is_tls_1_2_or_newer(
    stack: cdk.Stack, make_service: Make, policy: elbv2.SslPolicy
) -> None:
    make_service(endpoint=HttpsEndpoint(ssl_policy=policy))
    Template.from_stack(stack).has_resource_properties(
        "AWS::ElasticLoadBalancingV2::Listener",
        {"SslPolicy": Match.string_like_regexp("^ELBSecurityPolicy-TLS13-1-[23]-")},
    )


@pytest.mark.parametrize(
    ("endpoint", "message"),
    [
        ({"ssl_policy": elbv2.SslPolicy.TLS12_EXT}, "endpoint.ssl_policy='TLS12_EXT': must be one of FIPS_TLS13_12, "),
        (
            {"desync_mitigation_mode": elbv2.DesyncMitigationMode.MONITOR},
            "endpoint.desync_mitigation_mode='MONITOR': must be one of DEFENSIVE, STRICTEST",
        ),
        ({"idle_timeout": cdk.Duration.hours(2)}, "endpoint.idle_timeout in seconds=7200: must be from 1 to 4000"),
        (
            {"domain_name": "orders.example.com"},
            "endpoint.domain_name='orders.example.com': give domain_name and hosted_zone together",
        ),
        ({"domain_name": "Orders"}, "endpoint.domain_name='Orders': must be a fully qualified name in lower case"),
        (
            {"web_acl_arn": "arn:aws:wafv2:us-east-1:111111111111:global/webacl/x/y"},
            "must be the ARN of a regional web ACL",
        ),
        (
            {"web_acl_arn": WEB_ACL_ARN, "managed_rule_groups": ["AWSManagedRulesSQLiRuleSet"]},
            "give it or managed_rule_groups, not both",
        ),
        (
            {"managed_rule_groups": ["SQLi"]},
            "endpoint.managed_rule_groups='SQLi': must be the name of an AWS managed rule group, such as",
        ),
        ({"access_log_prefix": "/logs/"}, "endpoint.access_log_prefix='/logs/': must be a prefix without outer /"),
    ],
)
def test_what_cannot_work_is_refused(make_service: Make, endpoint: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidArgumentsError, match=re.escape(message)):
        make_service(endpoint=HttpsEndpoint(**endpoint))


def test_a_log_bucket_with_a_kms_key_is_refused(stack: cdk.Stack, make_service: Make) -> None:
    bucket = s3.Bucket(stack, "Logs", encryption=s3.BucketEncryption.KMS)
    with pytest.raises(InvalidArgumentsError, match="Elastic Load Balancing delivers to SSE-S3 buckets only"):
        make_service(endpoint=HttpsEndpoint(access_log_bucket=bucket))


def test_the_tls_policy_cannot_be_weakened_through_the_escape_hatch(stack: cdk.Stack, make_service: Make) -> None:
    listener = make_service().listener.node.default_child
    listener.ssl_policy = "ELBSecurityPolicy-2016-08"
    with pytest.raises(Exception, match="a listener was weakened or added without it"):
        Template.from_stack(stack)


def test_a_listener_without_tls_cannot_be_added(stack: cdk.Stack, make_service: Make) -> None:
    service = make_service()
    service.load_balancer.add_listener(
        "Plain", port=8080, protocol=elbv2.ApplicationProtocol.HTTP, default_target_groups=[service.target_group]
    )
    with pytest.raises(Exception, match="a listener was weakened or added without it"):
        Template.from_stack(stack)


def _load_balancers(stack: cdk.Stack) -> str:
    return stack.format_arn(service="elasticloadbalancing", resource="loadbalancer", resource_name="*")
