import re

import pytest


@pytest.fixture
def template(templates):
    return templates["network"]


def conditions(template, resource_type) -> list[str | None]:
    resources = template["Resources"].values()
    return [resource.get("Condition") for resource in resources if resource["Type"] == resource_type]


def test_nat_gateways_stand_as_the_form_says(template) -> None:
    expected = ["HasNatGateways", "HasNatGatewayInEachZone", "HasNatGatewayInEachZone"]
    assert conditions(template, "AWS::EC2::NatGateway") == expected
    assert conditions(template, "AWS::EC2::EIP") == expected
    assert template["Conditions"]["HasNatGateways"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "NatGateways"}, "NONE"]}]}


def test_private_subnets_leave_through_the_gateway_that_there_is(template) -> None:
    routes = [
        resource
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::EC2::Route" and "NatGatewayId" in resource["Properties"]
    ]
    assert [route["Condition"] for route in routes] == ["HasNatGateways"] * 3
    first, *others = [route["Properties"]["NatGatewayId"] for route in routes]
    for other in others:
        condition, own, instead = other["Fn::If"]
        assert condition == "HasNatGatewayInEachZone"
        assert own != first
        assert instead == first


def test_interface_endpoints_stand_only_where_asked(template) -> None:
    endpoints = [resource for resource in template["Resources"].values() if resource["Type"] == "AWS::EC2::VPCEndpoint"]
    interfaces = [endpoint for endpoint in endpoints if endpoint["Properties"]["VpcEndpointType"] == "Interface"]
    assert {endpoint["Condition"] for endpoint in interfaces} == {"HasInterfaceEndpoints"}
    assert len(interfaces) == 7
    assert [e.get("Condition") for e in endpoints if e not in interfaces] == [None, None]


def test_without_a_way_out_endpoints_are_needed(template) -> None:
    assert template["Rules"]["SomeWayToServices"] == {
        "Assertions": [
            {
                "Assert": {"Fn::Equals": [{"Ref": "InterfaceEndpoints"}, "ON"]},
                "AssertDescription": (
                    "Without NAT gateways, set InterfaceEndpoints to ON: AWS services cannot be reached otherwise."
                ),
            }
        ],
        "RuleCondition": {"Fn::Equals": [{"Ref": "NatGateways"}, "NONE"]},
    }


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("10.64.0.0/18", True),
        ("10.255.192.0/18", True),
        ("10.64.1.0/18", False),
        ("10.256.0.0/18", False),
        ("10.64.0.0/16", False),
        ("192.168.0.0/18", False),
    ],
)
def test_the_range_is_one_that_the_subnets_fit(template, value, taken) -> None:
    assert bool(re.fullmatch(template["Parameters"]["AddressRange"]["AllowedPattern"], value)) is taken


def test_traffic_is_recorded_as_asked(template) -> None:
    by_type = {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}
    assert by_type["AWS::Logs::LogGroup"]["RetentionInDays"] == {"Ref": "FlowLogRetentionDays"}
    assert by_type["AWS::EC2::FlowLog"]["MaxAggregationInterval"] == {"Ref": "FlowLogIntervalSeconds"}
    assert by_type["AWS::EC2::FlowLog"]["TrafficType"] == "ALL"
