"""Rules for network resources."""

from pavedroad_platform.checks.rules.rule import Rule, is_false, is_true, present

RULES: tuple[Rule, ...] = (
    Rule(
        id="PavedRoad-EC2-1",
        resource_type="AWS::EC2::Subnet",
        place="MapPublicIpOnLaunch",
        requires=is_false,
        message="gives every instance a public address: set MapPublicIpOnLaunch to false",
        source="AWS Security Hub EC2.15",
    ),
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
        id="PavedRoad-WAF-1",
        resource_type="AWS::WAFv2::LoggingConfiguration",
        place="LogDestinationConfigs",
        requires=present,
        message="writes nowhere: name the destination",
        source="AWS Security Hub WAF.11",
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
)
