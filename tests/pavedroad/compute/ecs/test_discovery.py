"""How services inside the VPC find one another."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_servicediscovery as servicediscovery
from aws_cdk.assertions import Match, Template

from pavedroad.arguments import InvalidArgumentsError
from pavedroad.compute.ecs.discovery import CloudMap, ServiceConnect
from pavedroad.compute.ecs.fargate_service import FargateService

Make = Callable[..., FargateService]
Findings = Callable[[cdk.Stack], list[str]]
ARN = "arn:aws:servicediscovery:eu-west-1:111111111111:namespace/ns-1"


@pytest.fixture
def namespace(stack: cdk.Stack) -> servicediscovery.INamespace:
    return servicediscovery.HttpNamespace.from_http_namespace_attributes(
        stack, "Namespace", namespace_name="shop", namespace_id="ns-1", namespace_arn=ARN
    )


def test_service_connect_offers_the_application_under_its_name(
    stack: cdk.Stack, make_service: Make, namespace: servicediscovery.INamespace, pack_findings: Findings
) -> None:
    make_service(discovery=ServiceConnect(namespace=namespace, name="orders", port=80))
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ECS::Service",
        {
            "ServiceConnectConfiguration": {
                "Enabled": True,
                "Namespace": ARN,
                "Services": [
                    {
                        "ClientAliases": [{"DnsName": "orders", "Port": 80}],
                        "DiscoveryName": "orders",
                        "PortName": "application",
                    }
                ],
                "LogConfiguration": {
                    "LogDriver": "awslogs",
                    "Options": Match.object_like({"awslogs-stream-prefix": "service-connect"}),
                },
            }
        },
    )
    template.has_resource_properties(
        "AWS::ECS::TaskDefinition",
        {
            "ContainerDefinitions": [
                Match.object_like({"PortMappings": [{"ContainerPort": 8080, "Name": "application", "Protocol": "tcp"}]})
            ]
        },
    )
    assert pack_findings(stack) == []


def test_service_connect_may_only_call_others(
    stack: cdk.Stack, make_service: Make, namespace: servicediscovery.INamespace
) -> None:
    make_service(discovery=ServiceConnect(namespace=namespace))
    Template.from_stack(stack).has_resource_properties(
        "AWS::ECS::Service", {"ServiceConnectConfiguration": {"Enabled": True, "Services": Match.absent()}}
    )


def test_nobody_gets_in_by_being_able_to_find_it(
    stack: cdk.Stack, make_service: Make, namespace: servicediscovery.INamespace
) -> None:
    make_service(discovery=ServiceConnect(namespace=namespace, name="orders"))
    rules = Template.from_stack(stack).find_resources("AWS::EC2::SecurityGroupIngress")
    assert len(rules) == 1, "that of the load balancer"


def test_cloud_map_tells_the_addresses_of_the_tasks(
    stack: cdk.Stack, vpc: ec2.IVpc, make_service: Make, pack_findings: Findings
) -> None:
    namespace = servicediscovery.PrivateDnsNamespace(stack, "Namespace", name="shop.internal", vpc=vpc)
    make_service(discovery=CloudMap(namespace=namespace, name="orders"))
    template = Template.from_stack(stack)
    template.has_resource_properties(
        "AWS::ServiceDiscovery::Service",
        {"Name": "orders", "DnsConfig": {"DnsRecords": [{"Type": "A", "TTL": 60}], "RoutingPolicy": "MULTIVALUE"}},
    )
    template.has_resource_properties("AWS::ECS::Service", {"ServiceRegistries": [Match.any_value()]})
    assert pack_findings(stack) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"name": "Orders!"}, r"discovery.name='Orders!': must be a name in lower case"),
        ({"port": 80}, r"discovery.port=80: give name too, by which it is called"),
        ({"name": "orders", "port": 0}, r"discovery.port=0: must be from 1 to 65535"),
    ],
)
def test_refuses_what_cannot_work(
    make_service: Make, namespace: servicediscovery.INamespace, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidArgumentsError, match=message):
        make_service(discovery=ServiceConnect(namespace=namespace, **arguments))


def test_takes_parameters(stack: cdk.Stack, make_service: Make, namespace: servicediscovery.INamespace) -> None:
    name = cdk.CfnParameter(stack, "Name")
    make_service(discovery=ServiceConnect(namespace=namespace, name=name.value_as_string))
    Template.from_stack(stack).has_resource_properties(
        "AWS::ECS::Service",
        {"ServiceConnectConfiguration": {"Services": [{"ClientAliases": [{"DnsName": {"Ref": "Name"}}]}]}},
    )
