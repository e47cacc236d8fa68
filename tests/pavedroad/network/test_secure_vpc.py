import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_servicecatalog as servicecatalog
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match, Template

from pavedroad import SecureVpc
from pavedroad.arguments import InvalidArgumentsError
from pavedroad.network.alarms import SecureVpcAlarmThresholds
from pavedroad.network.network_acls import TierNetworkAcl

Findings = Callable[[cdk.Stack], list[str]]


def warnings(stack: cdk.Stack) -> list[str]:
    return [str(found.entry.data) for found in Annotations.from_stack(stack).find_warning("*", Match.any_value())]


def acknowledgments(network: SecureVpc) -> dict[str, str]:
    (found,) = (each.data for each in network.resource.node.metadata if each.type == "aws:cdk:acknowledged-rules")
    return found


def subnets(template: Template, tier: str) -> list[dict[str, Any]]:
    found = template.find_resources("AWS::EC2::Subnet")
    return [found[name]["Properties"] for name in sorted(found) if f"{tier}Subnet" in name]


def routes(template: Template, tier: str) -> list[dict[str, Any]]:
    found = template.find_resources("AWS::EC2::Route").values()
    return [route["Properties"] for route in found if f"{tier}Subnet" in route["Properties"]["RouteTableId"]["Ref"]]


class TestDefaultShape:
    def test_three_tiers_in_three_zones_take_fixed_places_in_the_range(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        assert [s["CidrBlock"] for s in subnets(template, "Private")] == ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/20"]
        assert [s["CidrBlock"] for s in subnets(template, "Isolated")] == [
            "10.0.64.0/20",
            "10.0.80.0/20",
            "10.0.96.0/20",
        ]
        assert [s["CidrBlock"] for s in subnets(template, "Public")] == [
            "10.0.128.0/20",
            "10.0.144.0/20",
            "10.0.160.0/20",
        ]
        zones = [subnet["AvailabilityZone"] for subnet in subnets(template, "Private")]
        assert zones == [{"Fn::Select": [zone, {"Fn::GetAZs": ""}]} for zone in range(3)]

    def test_a_fourth_zone_moves_no_subnet(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", availability_zones=4)
        template = Template.from_stack(stack)
        assert [s["CidrBlock"] for s in subnets(template, "Isolated")][:3] == [
            "10.0.64.0/20",
            "10.0.80.0/20",
            "10.0.96.0/20",
        ]

    def test_nothing_gets_a_public_address_on_launch(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        template.all_resources_properties("AWS::EC2::Subnet", {"MapPublicIpOnLaunch": False})

    def test_each_tier_has_its_way_out_and_no_other(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        assert all("GatewayId" in route for route in routes(template, "Public"))
        assert len(routes(template, "Public")) == 3
        gateways = [route["NatGatewayId"]["Fn::GetAtt"][0] for route in routes(template, "Private")]
        assert len(set(gateways)) == 3
        assert routes(template, "Isolated") == []

    def test_all_traffic_is_recorded_in_an_encrypted_log_group_for_a_year(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::EC2::FlowLog",
            {"TrafficType": "ALL", "MaxAggregationInterval": 600, "LogDestinationType": "cloud-watch-logs"},
        )
        template.has_resource_properties(
            "AWS::Logs::LogGroup", {"RetentionInDays": 365, "KmsKeyId": {"Fn::GetAtt": ["NetworkKey1D162FA0", "Arn"]}}
        )
        template.has_resource_properties("AWS::KMS::Key", {"EnableKeyRotation": True})
        assert network.flow_log_group is not None
        assert network.flow_log_bucket is None

    def test_the_flow_log_role_writes_to_the_one_log_group(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", close_default_security_group=False)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::IAM::ManagedPolicy", 1)
        template.has_resource_properties(
            "AWS::IAM::ManagedPolicy",
            {
                "PolicyDocument": {
                    "Statement": [
                        {
                            "Action": ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                            "Effect": "Allow",
                            "Resource": {"Fn::GetAtt": ["NetworkFlowLogGroup4F8CEEEF", "Arn"]},
                        }
                    ],
                    "Version": "2012-10-17",
                }
            },
        )

    def test_the_default_security_group_is_emptied_by_an_association_and_not_by_a_function(
        self, stack: cdk.Stack
    ) -> None:
        SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::Lambda::Function", 0)
        template.has_resource_properties(
            "AWS::SSM::Association",
            {
                "Name": "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules",
                "Parameters": {
                    "GroupId": [{"Fn::GetAtt": ["Network1C6012B5", "DefaultSecurityGroup"]}],
                    "AutomationAssumeRole": [{"Fn::GetAtt": ["NetworkDefaultSecurityGroupRole973AF44C", "Arn"]}],
                },
                "ScheduleExpression": "rate(1 day)",
                "WaitForSuccessTimeoutSeconds": 600,
            },
        )
        revoke = {
            "Action": ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
            "Effect": "Allow",
            "Resource": Match.object_like({"Fn::Join": Match.any_value()}),
        }
        template.has_resource_properties(
            "AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Statement": Match.array_with([revoke])}}
        )

    def test_the_first_run_of_the_association_finds_the_policy_of_its_role(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        (association,) = template.find_resources("AWS::SSM::Association").values()
        policies = [name for name in template.find_resources("AWS::IAM::ManagedPolicy") if "DefaultSecurity" in name]
        assert set(policies) == set(association["DependsOn"])

    def test_s3_and_dynamodb_are_reached_from_the_private_and_isolated_tiers(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network")
        template = Template.from_stack(stack)
        assert set(network.gateway_endpoints) == {"s3", "dynamodb"}
        for endpoint in template.find_resources("AWS::EC2::VPCEndpoint").values():
            tables = [table["Ref"] for table in endpoint["Properties"]["RouteTableIds"]]
            assert len(tables) == 6
            assert not any("Public" in table for table in tables)

    def test_packs_find_nothing(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        SecureVpc(stack, "Network")
        assert pack_findings(stack) == []
        assert warnings(stack) == []

    def test_the_closed_default_security_group_is_one_decision_for_every_network(self, stack: cdk.Stack) -> None:
        networks = [SecureVpc(stack, name) for name in ("Orders", "Payments")]
        reason = (
            "CloudFormation has no property for it, so the check cannot see it: an SSM association beside the VPC "
            "removes every rule of the group, at deployment and again each day."
        )
        assert [list(acknowledgments(network).values()) for network in networks] == [[reason], [reason]]


class TestOptions:
    def test_every_option_is_clean_in_the_packs(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        SecureVpc(
            stack,
            "Network",
            cidr=cdk.CfnParameter(stack, "Cidr").value_as_string,
            netmask_length=20,
            public_subnets=False,
            flow_log_destination="bucket",
            interface_endpoints=[ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER],
            network_acls=[TierNetworkAcl(tier="isolated", entries=[_entry(100)])],
            transit_gateway_id="tgw-0123456789abcdef0",
            transit_gateway_destinations=["0.0.0.0/0"],
            dns_firewall_rule_group_ids=["rslvr-frg-1"],
        )
        assert pack_findings(stack) == []

    def test_one_nat_gateway_serves_every_zone_and_leaves_a_warning(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", nat_gateways=1)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::NatGateway", 1)
        assert len({json.dumps(route["NatGatewayId"]) for route in routes(template, "Private")}) == 1
        assert any("loss of its zone" in text and "vpc-single-nat-gateway" in text for text in warnings(stack))

    def test_without_nat_the_private_tier_stays_private(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network", nat_gateways=0)
        assert routes(Template.from_stack(stack), "Private") == []
        selected = network.vpc.select_subnets(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS)
        assert stack.resolve(selected.subnet_ids) == stack.resolve([s.subnet_id for s in network.private_subnets])

    def test_without_a_public_tier_there_is_no_internet_gateway(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network", public_subnets=False)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::InternetGateway", 0)
        template.resource_count_is("AWS::EC2::NatGateway", 0)
        template.resource_count_is("AWS::EC2::Subnet", 6)
        assert network.public_subnets == []

    def test_a_range_from_an_ipam_pool(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", ipam_pool_id="ipam-pool-1", netmask_length=20, availability_zones=2)
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::EC2::VPC",
            {"Ipv4IpamPoolId": "ipam-pool-1", "Ipv4NetmaskLength": 20, "CidrBlock": Match.absent()},
        )
        assert subnets(template, "Private")[1]["CidrBlock"] == {
            "Fn::Select": [1, {"Fn::Cidr": [{"Fn::GetAtt": ["Network1C6012B5", "CidrBlock"]}, 16, "8"]}]
        }

    def test_zones_by_name(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", availability_zones=("eu-west-1a", "eu-west-1c"))
        zones = [subnet["AvailabilityZone"] for subnet in subnets(Template.from_stack(stack), "Private")]
        assert zones == ["eu-west-1a", "eu-west-1c"]

    def test_ipv6_reaches_the_public_tier_and_leaves_the_private_one(
        self, stack: cdk.Stack, pack_findings: Findings
    ) -> None:
        SecureVpc(stack, "Network", ipv6=True)
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::EC2::VPCCidrBlock", {"AmazonProvidedIpv6CidrBlock": True})
        out = [route for route in routes(template, "Private") if "DestinationIpv6CidrBlock" in route]
        assert len(out) == 3
        assert all("EgressOnlyInternetGatewayId" in route for route in out)
        assert len([route for route in routes(template, "Public") if "DestinationIpv6CidrBlock" in route]) == 3
        assert routes(template, "Isolated") == []
        template.all_resources_properties("AWS::EC2::Subnet", {"AssignIpv6AddressOnCreation": Match.absent()})
        assert subnets(template, "Isolated")[1]["Ipv6CidrBlock"] == {
            "Fn::Select": [
                5,
                {
                    "Fn::Cidr": [
                        {"Fn::Select": [0, {"Fn::GetAtt": ["Network1C6012B5", "Ipv6CidrBlocks"]}]},
                        16,
                        "64",
                    ]
                },
            ]
        }
        (block,) = template.find_resources("AWS::EC2::VPCCidrBlock")
        found = template.find_resources("AWS::EC2::Subnet").values()
        assert all(block in subnet["DependsOn"] for subnet in found)
        assert pack_findings(stack) == []

    def test_without_a_public_tier_ipv6_does_not_leave_the_network(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", ipv6=True, public_subnets=False)
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::EgressOnlyInternetGateway", 0)
        template.resource_count_is("AWS::EC2::Route", 0)

    def test_interface_endpoints_take_https_from_the_network_alone(
        self, stack: cdk.Stack, pack_findings: Findings
    ) -> None:
        network = SecureVpc(stack, "Network", interface_endpoints=[ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER])
        template = Template.from_stack(stack)
        assert set(network.interface_endpoints) == {"ecr.dkr"}
        template.has_resource_properties(
            "AWS::EC2::VPCEndpoint",
            {
                "PrivateDnsEnabled": True,
                "VpcEndpointType": "Interface",
                "SubnetIds": [{"Ref": Match.string_like_regexp("PrivateSubnet")}] * 3,
            },
        )
        template.has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {
                "SecurityGroupIngress": [
                    {
                        "CidrIp": "10.0.0.0/16",
                        "Description": "HTTPS from the network",
                        "FromPort": 443,
                        "IpProtocol": "tcp",
                        "ToPort": 443,
                    }
                ],
                # The CDK's way of writing no egress: CloudFormation would add the rule for everything.
                "SecurityGroupEgress": [Match.object_like({"CidrIp": "255.255.255.255/32", "IpProtocol": "icmp"})],
            },
        )
        assert pack_findings(stack) == []

    def test_gateway_endpoints_can_be_chosen(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network", gateway_endpoints=[ec2.GatewayVpcEndpointAwsService.S3])
        assert set(network.gateway_endpoints) == {"s3"}

    def test_a_transit_gateway_has_subnets_of_its_own_and_routes_from_the_private_tier(self, stack: cdk.Stack) -> None:
        network = SecureVpc(
            stack,
            "Network",
            transit_gateway_id="tgw-0123456789abcdef0",
            transit_gateway_destinations=["10.0.0.0/8", "172.16.0.0/12"],
        )
        template = Template.from_stack(stack)
        assert subnets(template, "Transit")[0]["CidrBlock"] == "10.0.192.0/20"
        template.has_resource_properties(
            "AWS::EC2::TransitGatewayVpcAttachment", {"SubnetIds": [{"Ref": Match.string_like_regexp("Transit")}] * 3}
        )
        to_gateway = [route for route in routes(template, "Private") if "TransitGatewayId" in route]
        assert (
            sorted(route["DestinationCidrBlock"] for route in to_gateway) == ["10.0.0.0/8"] * 3 + ["172.16.0.0/12"] * 3
        )
        # A route to a gateway that is not attached yet is refused by EC2.
        for route in template.find_resources(
            "AWS::EC2::Route", {"Properties": {"TransitGatewayId": Match.any_value()}}
        ).values():
            assert route["DependsOn"] == ["NetworkTransitGatewayAttachment2A0B2B94"]
        assert len(network.transit_subnets) == 3

    def test_a_network_acl_guards_the_subnets_of_its_tier(self, stack: cdk.Stack) -> None:
        network = SecureVpc(
            stack, "Network", network_acls=[TierNetworkAcl(tier="isolated", entries=[_entry(100), _entry(110)])]
        )
        template = Template.from_stack(stack)
        template.resource_count_is("AWS::EC2::NetworkAclEntry", 2)
        associations = template.find_resources("AWS::EC2::SubnetNetworkAclAssociation").values()
        guarded = [association["Properties"]["SubnetId"]["Ref"] for association in associations]
        assert len(guarded) == 3
        assert all("IsolatedSubnet" in subnet for subnet in guarded)
        assert set(network.network_acls) == {"isolated"}

    def test_dns_firewall_rule_groups_are_evaluated_in_order(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", dns_firewall_rule_group_ids=["rslvr-frg-1", "rslvr-frg-2"])
        template = Template.from_stack(stack)
        found = template.find_resources("AWS::Route53Resolver::FirewallRuleGroupAssociation").values()
        order = sorted((it["Properties"]["Priority"], it["Properties"]["FirewallRuleGroupId"]) for it in found)
        assert order == [(101, "rslvr-frg-1"), (102, "rslvr-frg-2")]

    def test_the_default_security_group_left_open_is_a_warning_and_a_finding(
        self, stack: cdk.Stack, pack_findings: Findings
    ) -> None:
        network = SecureVpc(stack, "Network", close_default_security_group=False)
        assert network.default_security_group is None
        Template.from_stack(stack).resource_count_is("AWS::SSM::Association", 0)
        assert any("vpc-default-security-group-open" in text for text in warnings(stack))
        assert pack_findings(stack) == ["NIST.800.53.R5-VPCDefaultSecurityGroupClosed: Stack/Network/Resource"]


class TestFlowLogsInABucket:
    def test_an_own_bucket_admits_the_delivery_and_so_does_its_key(self, stack: cdk.Stack) -> None:
        network = SecureVpc(
            stack,
            "Network",
            flow_log_destination="bucket",
            flow_log_interval=ec2.FlowLogMaxAggregationInterval.ONE_MINUTE,
        )
        template = Template.from_stack(stack)
        template.has_resource_properties(
            "AWS::EC2::FlowLog", {"LogDestinationType": "s3", "MaxAggregationInterval": 60, "TrafficType": "ALL"}
        )
        delivery = Match.object_like(
            {"Principal": {"Service": "delivery.logs.amazonaws.com"}, "Action": "s3:PutObject", "Effect": "Allow"}
        )
        template.has_resource_properties(
            "AWS::S3::BucketPolicy", {"PolicyDocument": {"Statement": Match.array_with([delivery])}}
        )
        use = Match.object_like(
            {
                "Sid": "FlowLogDelivery",
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
            }
        )
        template.has_resource_properties("AWS::KMS::Key", {"KeyPolicy": {"Statement": Match.array_with([use])}})
        assert network.flow_log_group is None
        assert network.flow_log_bucket is not None

    def test_an_archive_of_another_account_by_its_arn(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        archive = s3.Bucket.from_bucket_arn(stack, "Archive", "arn:aws:s3:::flow-log-archive")
        network = SecureVpc(stack, "Network", flow_log_destination=archive)
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::EC2::FlowLog", {"LogDestination": "arn:aws:s3:::flow-log-archive"})
        template.resource_count_is("AWS::KMS::Key", 0)
        template.resource_count_is("AWS::S3::Bucket", 0)
        assert network.encryption_key is None
        assert pack_findings(stack) == []

    def test_records_are_kept_as_long_as_is_asked(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", log_retention=logs.RetentionDays.TWO_YEARS)
        Template.from_stack(stack).has_resource_properties("AWS::Logs::LogGroup", {"RetentionInDays": 731})

    def test_a_given_key_encrypts_the_log_group(self, stack: cdk.Stack) -> None:
        key = kms.Key(stack, "Shared", enable_key_rotation=True)
        network = SecureVpc(stack, "Network", encryption_key=key)
        Template.from_stack(stack).resource_count_is("AWS::KMS::Key", 1)
        assert network.encryption_key is key

    def test_the_fields_of_a_record_can_be_chosen(self, stack: cdk.Stack) -> None:
        SecureVpc(stack, "Network", flow_log_fields=(ec2.LogFormat.SRC_ADDR, ec2.LogFormat.TCP_FLAGS))
        template = Template.from_stack(stack)
        template.has_resource_properties("AWS::EC2::FlowLog", {"LogFormat": "${srcaddr} ${tcp-flags}"})


class TestForOtherConstructs:
    def test_subnets_are_selected_by_tier(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network")
        for kind, tier in (
            (ec2.SubnetType.PUBLIC, network.public_subnets),
            (ec2.SubnetType.PRIVATE_WITH_EGRESS, network.private_subnets),
            (ec2.SubnetType.PRIVATE_ISOLATED, network.isolated_subnets),
        ):
            selected = network.vpc.select_subnets(subnet_type=kind)
            assert stack.resolve(selected.subnet_ids) == stack.resolve([subnet.subnet_id for subnet in tier])
            assert len(set(selected.availability_zones)) == 3

    def test_a_load_balancer_waits_for_the_route_to_the_internet(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network")
        elbv2.ApplicationLoadBalancer(stack, "LoadBalancer", vpc=network.vpc, internet_facing=True)
        (balancer,) = Template.from_stack(stack).find_resources("AWS::ElasticLoadBalancingV2::LoadBalancer").values()
        assert len([name for name in balancer["DependsOn"] if "DefaultRoute" in name]) == 3

    def test_nothing_is_looked_up_where_account_and_region_are_known(self, app: cdk.App) -> None:
        stack = cdk.Stack(app, "Stack", env=cdk.Environment(account="111111111111", region="eu-west-1"))
        SecureVpc(stack, "Network")
        manifest = json.loads((Path(app.synth().directory) / "manifest.json").read_text())
        assert "missing" not in manifest

    def test_works_in_a_product_with_parameters_and_without_assets(
        self, product: servicecatalog.ProductStack, product_template: Callable[[], dict[str, Any]]
    ) -> None:
        parameter = cdk.CfnParameter(product, "Cidr", default="10.30.0.0/20")
        SecureVpc(
            product,
            "Network",
            cidr=parameter.value_as_string,
            netmask_length=20,
            transit_gateway_id=cdk.CfnParameter(product, "TransitGateway").value_as_string,
            transit_gateway_destinations=[cdk.CfnParameter(product, "Destination").value_as_string],
            interface_endpoints=[ec2.InterfaceVpcEndpointAwsService.STS],
        )
        resources = product_template()["Resources"]
        assert resources["Network1C6012B5"]["Properties"]["CidrBlock"] == {"Ref": "Cidr"}
        assert not any(resource["Type"].startswith(("Custom::", "AWS::Lambda")) for resource in resources.values())


class TestAlarms:
    def test_each_nat_gateway_has_two(self, stack: cdk.Stack, pack_findings: Findings) -> None:
        network = SecureVpc(stack, "Network", availability_zones=2)
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        alarms = network.add_alarms(topic, SecureVpcAlarmThresholds(nat_packets_dropped=50))
        template = Template.from_stack(stack)
        assert len(alarms) == 4
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm",
            {
                "MetricName": "PacketsDropCount",
                "Threshold": 50,
                "Dimensions": [{"Name": "NatGatewayId", "Value": Match.any_value()}],
            },
        )
        template.has_resource_properties(
            "AWS::CloudWatch::Alarm", {"MetricName": "ErrorPortAllocation", "Threshold": 0}
        )
        assert pack_findings(stack) == []

    def test_there_is_nothing_to_watch_without_nat_gateways(self, stack: cdk.Stack) -> None:
        topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:alarms")
        assert SecureVpc(stack, "Network", nat_gateways=0).add_alarms(topic) == []


class TestBadArguments:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ({"cidr": "10.0.0.1/16"}, "cidr='10.0.0.1/16': must be an IPv4 range such as 10.20.0.0/16; "),
            ({"cidr": "10.0.0.0/8"}, "cidr='10.0.0.0/8': must be from /16 to /24"),
            ({"cidr": "10.0.0.0/16", "ipam_pool_id": "p"}, "cidr='10.0.0.0/16': give either cidr or ipam_pool_id, not"),
            ({"cidr": "10.0.0.0/16", "netmask_length": 20}, "netmask_length=20: cidr 10.0.0.0/16 has 16; leave it out"),
            ({"ipam_pool_id": "p"}, "netmask_length=None: ipam_pool_id needs it, from 16 to 24"),
            ({"ipam_pool_id": "p", "netmask_length": 28}, "netmask_length=28: must be from 16 to 24"),
            ({"availability_zones": 1}, "availability_zones=1: must be from 2 to 4 zones"),
            ({"availability_zones": ["a"] * 5}, "availability_zones=5: must be from 2 to 4 zones"),
            ({"availability_zones": ["a", "a"]}, r"availability_zones=\['a', 'a'\]: must name each zone once"),
            (
                {"network_acls": [TierNetworkAcl(tier="private", entries=[])] * 2},
                r"network_acls=\['private', 'private'\]: must have one list a tier",
            ),
            ({"nat_gateways": 2}, "nat_gateways=2: must be 0, 1 or 3, one a zone"),
            ({"nat_gateways": 1, "public_subnets": False}, "nat_gateways=1: must be 0 with public_subnets=False"),
            (
                {"transit_gateway_id": "tgw-1", "transit_gateway_destinations": ["0.0.0.0/0"]},
                "nat_gateways=3: must be 0 where the transit gateway has the route 0.0.0.0/0",
            ),
            (
                {"transit_gateway_destinations": ["10.0.0.0/8"]},
                r"transit_gateway_destinations=\['10.0.0.0/8'\]: needs transit_gateway_id",
            ),
            (
                {"network_acls": [TierNetworkAcl(tier="transit", entries=[])]},
                "network_acls='transit': this network has the tiers private, isolated, public",
            ),
            ({"flow_log_destination": "disk"}, "flow_log_destination='disk': must be one of bucket, log-group"),
        ],
    )
    def test_are_refused(self, stack: cdk.Stack, arguments: dict[str, Any], message: str) -> None:
        with pytest.raises(InvalidArgumentsError, match=message):
            SecureVpc(stack, "Network", **arguments)

    def test_are_told_all_at_once_with_the_place(self, stack: cdk.Stack) -> None:
        with pytest.raises(InvalidArgumentsError) as caught:
            SecureVpc(stack, "Network", cidr="10.0.0.0/30", availability_zones=9, nat_gateways=5)
        assert str(caught.value) == (
            "SecureVpc 'Stack/Network': cidr='10.0.0.0/30': must be from /16 to /24; "
            "availability_zones=9: must be from 2 to 4 zones; nat_gateways=5: must be 0, 1 or 9, one a zone"
        )

    def test_a_range_known_at_deployment_needs_its_length_at_synthesis(self, stack: cdk.Stack) -> None:
        cidr = cdk.CfnParameter(stack, "Cidr").value_as_string
        with pytest.raises(InvalidArgumentsError, match="a cidr that is known at deployment only needs it, from 16 to"):
            SecureVpc(stack, "Network", cidr=cidr)
        length = cdk.CfnParameter(stack, "Length", type="Number").value_as_number
        with pytest.raises(InvalidArgumentsError, match="must be known at synthesis, because the subnets are cut by"):
            SecureVpc(stack, "Other", cidr=cidr, netmask_length=length)


class TestCannotBeUndone:
    def test_flow_logs_of_all_traffic(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network")
        flow_log = network.flow_log.node.default_child
        assert isinstance(flow_log, ec2.CfnFlowLog)
        flow_log.traffic_type = "REJECT"
        with pytest.raises(RuntimeError, match="SecureVpc records all traffic; the TrafficType of its flow log is not"):
            Template.from_stack(stack)

    def test_no_public_address_on_launch(self, stack: cdk.Stack) -> None:
        network = SecureVpc(stack, "Network")
        subnet = network.public_subnets[0].node.default_child
        assert isinstance(subnet, ec2.CfnSubnet)
        subnet.map_public_ip_on_launch = True
        with pytest.raises(RuntimeError, match="SecureVpc gives no public address on launch; a subnet's MapPublicIpOn"):
            Template.from_stack(stack)


def test_logical_ids_are_a_contract(stack: cdk.Stack) -> None:
    SecureVpc(stack, "Network", availability_zones=2, nat_gateways=1)
    kept = ("AWS::EC2::VPC", "AWS::EC2::Subnet", "AWS::EC2::EIP", "AWS::Logs::LogGroup", "AWS::KMS::Key")
    resources = Template.from_stack(stack).to_json()["Resources"]
    assert {name for name, resource in resources.items() if resource["Type"] in kept} == {
        "Network1C6012B5",
        "NetworkPrivateSubnet1SubnetC4D46731",
        "NetworkPrivateSubnet2SubnetB345BF84",
        "NetworkIsolatedSubnet1Subnet91F50E7B",
        "NetworkIsolatedSubnet2Subnet23FB3A01",
        "NetworkPublicSubnet1Subnet5B78347B",
        "NetworkPublicSubnet2SubnetC3758C96",
        "NetworkPublicSubnet1EIP9D5D85CF",
        "NetworkFlowLogGroup4F8CEEEF",
        "NetworkKey1D162FA0",
    }


def _entry(number: int) -> ec2.CommonNetworkAclEntryOptions:
    return ec2.CommonNetworkAclEntryOptions(
        cidr=ec2.AclCidr.ipv4("10.0.0.0/16"),
        rule_number=number,
        traffic=ec2.AclTraffic.all_traffic(),
        direction=ec2.TrafficDirection.INGRESS,
    )
