"""Rules for network resources."""

from collections.abc import Mapping

from pavedroad_platform.checks.rules.rule import Requirement, Rule, is_false, is_intrinsic, is_true, present


def _attribute(key: str, *allowed: str) -> Requirement:
    """One of a list of pairs, as load balancers have their settings."""
    return lambda attributes: any(
        each["Key"] == key and (each["Value"] in allowed or is_intrinsic(each["Value"])) for each in attributes or []
    )


def _is_modern_tls(policy: object) -> bool:
    return str(policy).startswith("ELBSecurityPolicy-TLS13-1-") or is_intrinsic(policy)


def _is_a_range(cidr: object) -> bool:
    return cidr != "0.0.0.0/0"


def _refuses(action: object) -> bool:
    return not isinstance(action, Mapping) or "Count" not in action


RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-EC2-2",
        resource_type="AWS::EC2::FlowLog",
        place="LogDestination",
        requires=present,
        message="writes nowhere: name the destination",
        source="AWS Security Hub EC2.6",
        when=lambda properties: "LogGroupName" not in properties,
    ),
    Rule(
        id="PavedRoad-EC2-3",
        resource_type="AWS::EC2::VPCEndpoint",
        place="SecurityGroupIds",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
        when=lambda properties: properties.get("VpcEndpointType") == "Interface",
    ),
    Rule(
        id="PavedRoad-EC2-4",
        resource_type="AWS::EC2::VPCEndpoint",
        place="PrivateDnsEnabled",
        requires=is_true,
        message="lets calls leave by the internet: set PrivateDnsEnabled",
        source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
        when=lambda properties: properties.get("VpcEndpointType") == "Interface",
    ),
    Rule(
        id="PavedRoad-ELB-1",
        resource_type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        place="SecurityGroups",
        requires=present,
        message="takes the default security group of the VPC: name a security group",
        source="AWS Security Hub EC2.2",
    ),
    Rule(
        id="PavedRoad-WAF-2",
        resource_type="AWS::WAFv2::WebACL",
        place="VisibilityConfig.CloudWatchMetricsEnabled",
        requires=is_true,
        message="counts nothing: set CloudWatchMetricsEnabled",
        source="AWS Security Hub WAF.12",
    ),
    Rule(
        id="PavedRoad-WAF-3",
        resource_type="AWS::WAFv2::WebACL",
        place="Rules.*.VisibilityConfig.CloudWatchMetricsEnabled",
        requires=is_true,
        message="counts nothing: set CloudWatchMetricsEnabled",
        source="AWS Security Hub WAF.12",
    ),
    Rule(
        id="PavedRoad-WAF-4",
        resource_type="AWS::WAFv2::WebACL",
        place="Rules.*.OverrideAction",
        requires=_refuses,
        message="only counts what the rule group finds: set OverrideAction to None",
        source="AWS Security Hub WAF.10",
    ),
    Rule(
        id="PavedRoad-WAF-5",
        resource_type="AWS::WAFv2::WebACL",
        place="Rules.*.Action",
        requires=_refuses,
        message="only counts what the rule finds: set Action to Block",
        source="AWS Security Hub WAF.10",
    ),
    Rule(
        id="PavedRoad-WAF-6",
        resource_type="AWS::WAFv2::LoggingConfiguration",
        place="RedactedFields",
        requires=present,
        message="writes credentials into the log: redact the headers authorization and cookie",
        source="https://docs.aws.amazon.com/waf/latest/developerguide/logging-management-configure.html",
    ),
    Rule(
        id="PavedRoad-ELB-2",
        resource_type="AWS::ElasticLoadBalancingV2::Listener",
        place="SslPolicy",
        requires=_is_modern_tls,
        message="takes TLS that is out of date: name a policy with TLS 1.3 and nothing below 1.2",
        source="AWS Security Hub ELB.17",
        when=lambda properties: properties.get("Protocol") == "HTTPS",
    ),
    Rule(
        id="PavedRoad-ELB-3",
        resource_type="AWS::ElasticLoadBalancingV2::LoadBalancer",
        place="LoadBalancerAttributes",
        requires=_attribute("routing.http.drop_invalid_header_fields.enabled", "true"),
        message="forwards malformed headers: set routing.http.drop_invalid_header_fields.enabled",
        source="AWS Security Hub ELB.4",
    ),
    Rule(
        id="PavedRoad-EC2-5",
        resource_type="AWS::EC2::SecurityGroup",
        place="SecurityGroupIngress.*.CidrIp",
        requires=_is_a_range,
        message="lets the internet in: name the ranges of the clients",
        source="AWS Security Hub EC2.18",
    ),
    Rule(
        id="PavedRoad-EC2-6",
        resource_type="AWS::EC2::Subnet",
        place="MapPublicIpOnLaunch",
        requires=is_false,
        message="gives every instance a public address: set MapPublicIpOnLaunch to false",
        source="AWS Security Hub EC2.15",
    ),
)
