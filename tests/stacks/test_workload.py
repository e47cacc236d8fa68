import pytest

STACKS = {
    "orders-development": "pavedroad-workload-orders-development",
    "orders-production": "pavedroad-workload-orders-production",
}


@pytest.mark.parametrize(("account", "zones", "gateways"), [("orders-development", 2, 1), ("orders-production", 3, 3)])
def test_the_network_is_as_configured(resources, organization, account, zones, gateways) -> None:
    stack = STACKS[account]
    (vpc,) = resources(stack, "AWS::EC2::VPC").values()
    assert vpc["Properties"]["CidrBlock"] == organization.networks[account].cidr
    assert len(resources(stack, "AWS::EC2::NatGateway")) == gateways
    zones_used = {
        str(subnet["Properties"]["AvailabilityZone"]) for subnet in resources(stack, "AWS::EC2::Subnet").values()
    }
    assert len(zones_used) == zones
    services = [
        str(endpoint["Properties"]["ServiceName"])
        for endpoint in resources(stack, "AWS::EC2::VPCEndpoint", VpcEndpointType="Interface").values()
    ]
    assert len(services) == len(organization.networks[account].interface_endpoints)
    assert any("secretsmanager" in service for service in services)


@pytest.mark.parametrize("stack", STACKS.values())
def test_all_traffic_is_recorded_in_the_log_archive(resources, stack) -> None:
    (flow_log,) = resources(stack, "AWS::EC2::FlowLog").values()
    assert flow_log["Properties"]["TrafficType"] == "ALL"
    assert flow_log["Properties"]["LogDestinationType"] == "s3"
    destination = str(flow_log["Properties"]["LogDestination"])
    assert "pavedroad-flow-logs-333333333333-eu-west-1" in destination


@pytest.mark.parametrize(("account", "stack"), STACKS.items())
def test_the_network_is_found_by_name(resources, account, stack) -> None:
    ((vpc, _),) = resources(stack, "AWS::EC2::VPC").items()
    (parameter,) = resources(stack, "AWS::SSM::Parameter", Name=f"/pavedroad/networks/{account}/vpc-id").values()
    assert parameter["Properties"]["Value"] == {"Fn::GetAtt": [vpc, "VpcId"]}


def test_products_learn_who_owns_the_account(resources) -> None:
    parameters = resources(STACKS["orders-production"], "AWS::SSM::Parameter").values()
    values = {it["Properties"]["Name"]: it["Properties"]["Value"] for it in parameters}
    assert {name.rpartition("/")[2]: value for name, value in values.items() if "/tags/" in name} == {
        "application": "order-service",
        "team": "orders",
        "environment": "production",
        "cost-centre": "2000",
    }


@pytest.mark.parametrize("stack", STACKS.values())
def test_documents_stay_private(resources, stack) -> None:
    assert resources(
        stack,
        "AWS::SSM::ServiceSetting",
        SettingId="/ssm/documents/console/public-sharing-permission",
        SettingValue="Disable",
    )


def test_an_account_has_its_own_budget(resources) -> None:
    (budget,) = resources(STACKS["orders-development"], "AWS::Budgets::Budget").values()
    assert "CostFilters" not in budget["Properties"]["Budget"]
    thresholds = [it["Notification"]["Threshold"] for it in budget["Properties"]["NotificationsWithSubscribers"]]
    assert thresholds == [50, 80, 100, 100]


def test_everything_in_the_account_is_the_teams(resources) -> None:
    (vpc,) = resources(STACKS["orders-production"], "AWS::EC2::VPC").values()
    tags = {tag["Key"]: tag["Value"] for tag in vpc["Properties"]["Tags"]}
    assert tags["team"] == "orders"
    assert tags["application"] == "order-service"
    assert tags["cost-centre"] == "2000"


def test_logical_ids_are_a_contract(resources) -> None:
    assert set(resources(STACKS["orders-production"], "AWS::EC2::VPC")) == {"NetworkOrdersProductionA83C6301"}
