"""What a launch costs as long as it stands, at the size that it is launched with."""

from typing import Any

import pytest

from pavedroad_platform.costs.hint import cost_hint
from pavedroad_platform.costs.prices import HOURS_A_MONTH, prices
from pavedroad_platform.errors import PlatformError


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def monthly(**resources: dict[str, Any]) -> float:
    return cost_hint(resources, prices()).monthly


def hours(price: float) -> Any:
    return pytest.approx(price * HOURS_A_MONTH)


def test_what_is_alike_is_summed_up_the_dearest_first_and_usage_is_told_beside_it() -> None:
    key, gateway = resource("KMS::Key"), resource("EC2::NatGateway")
    hint = cost_hint({"A": key, "B": key, "C": gateway, "D": resource("IAM::Role")}, prices())
    assert [(cost.unit, cost.count, round(cost.monthly, 2)) for cost in hint.fixed] == [
        ("NAT gateway", 1, 35.04),
        ("key", 2, 2.00),
    ]
    assert list(hint.usage) == ["AWS::EC2::NatGateway", "AWS::KMS::Key"]
    assert hint.monthly == pytest.approx(37.04)


def test_a_property_multiplies_a_price_and_another_one_decides_whether_it_is_paid() -> None:
    endpoint = resource("EC2::VPCEndpoint", VpcEndpointType="Interface", SubnetIds=["a", "b", "c"])
    assert monthly(Endpoint=endpoint) == hours(3 * 0.011)
    assert monthly(Endpoint=resource("EC2::VPCEndpoint", RouteTableIds=["a"])) == 0


def test_a_database_with_a_standby_costs_twice() -> None:
    small = {"Engine": "postgres", "DBInstanceClass": "db.m7g.xlarge", "AllocatedStorage": "100"}
    alone = monthly(Database=resource("RDS::DBInstance", **small))
    assert alone == pytest.approx(2 * 0.188 * HOURS_A_MONTH + 100 * 0.127)
    assert monthly(Database=resource("RDS::DBInstance", **small, MultiAZ="true")) == pytest.approx(2 * alone)


def test_a_serverless_aurora_instance_costs_the_least_capacity_of_its_cluster() -> None:
    cluster = resource("RDS::DBCluster", ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 8})
    writer = resource(
        "RDS::DBInstance",
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
        DBClusterIdentifier={"Ref": "Cluster"},
    )
    assert monthly(Cluster=cluster, Writer=writer, Reader=writer) == hours(2 * 0.5 * 0.14)


def test_an_aurora_instance_of_a_class_costs_auroras_price() -> None:
    writer = resource("RDS::DBInstance", Engine="aurora-mysql", DBInstanceClass="db.r6g.large")
    assert monthly(Writer=writer) == hours(0.29)


def test_a_service_costs_the_tasks_that_always_run() -> None:
    task = resource("ECS::TaskDefinition", Cpu="512", Memory="1024", RuntimePlatform={"CpuArchitecture": "ARM64"})
    service = resource("ECS::Service", TaskDefinition={"Ref": "Task"})
    scaling = {"ResourceId": {"Fn::GetAtt": ["Service", "Name"]}, "MinCapacity": 3}
    target = resource("ApplicationAutoScaling::ScalableTarget", **scaling)
    one = 0.5 * 0.03238 + 0.00356
    assert monthly(Task=task, Service=service) == hours(one)
    assert monthly(Task=task, Service=service, Target=target) == hours(3 * one)
    idle = resource("ApplicationAutoScaling::ScalableTarget", **scaling | {"MinCapacity": 0})
    assert monthly(Task=task, Service=service, Target=idle) == 0


def test_a_group_of_instances_costs_the_least_of_them_of_its_first_type() -> None:
    template = resource("EC2::LaunchTemplate", LaunchTemplateData={"InstanceType": "m7g.2xlarge"})
    named = {"LaunchTemplateId": {"Ref": "Template"}}
    group = resource("AutoScaling::AutoScalingGroup", MinSize="2", LaunchTemplate=named)
    assert monthly(Template=template, Group=group) == hours(2 * 4 * 0.0911)
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": named, "Overrides": [{"InstanceType": "t4g.small"}]}}
    mixed = resource("AutoScaling::AutoScalingGroup", MinSize="2", MixedInstancesPolicy=policy)
    assert monthly(Template=template, Group=mixed) == hours(2 * 0.0736 / 4)
    nodes = resource("EKS::Nodegroup", InstanceTypes=["m7g.large"], ScalingConfig={"MinSize": 3})
    assert monthly(Nodes=nodes) == hours(3 * 0.0911)


def test_a_machine_its_disk_a_document_database_and_a_cache_cost_by_their_size() -> None:
    assert monthly(Machine=resource("EC2::Instance", InstanceType="c7g.large")) == hours(0.0777)
    assert monthly(Disk=resource("EC2::Volume", Size=50)) == pytest.approx(50 * 0.088)
    assert monthly(Server=resource("DocDB::DBInstance", DBInstanceClass="db.r6g.large")) == hours(0.294)
    cache = {"CacheNodeType": "cache.m7g.large", "NumNodeGroups": 2, "ReplicasPerNodeGroup": 1}
    assert monthly(Cache=resource("ElastiCache::ReplicationGroup", **cache)) == hours(4 * 0.174)


def test_an_alarm_costs_each_metric_and_a_canary_each_run() -> None:
    queries = [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a / b"}]
    assert monthly(Alarm=resource("CloudWatch::Alarm", Metrics=queries)) == pytest.approx(0.2)
    assert monthly(Alarm=resource("CloudWatch::Alarm", MetricName="CPU")) == pytest.approx(0.1)
    canary = resource("Synthetics::Canary", Schedule={"Expression": "rate(5 minutes)"})
    assert monthly(Canary=canary) == pytest.approx(HOURS_A_MONTH * 12 * 0.0012)


def test_a_size_that_only_aws_knows_costs_nothing_that_is_made_up() -> None:
    unknown = {"Fn::ImportValue": "size"}
    assert monthly(Server=resource("DocDB::DBInstance", DBInstanceClass=unknown)) == 0
    assert monthly(Disk=resource("EC2::Volume", Size=unknown)) == 0


def test_a_type_that_is_not_known_is_refused() -> None:
    with pytest.raises(PlatformError, match="It is not known what AWS::Redshift::Cluster is for and what it costs"):
        monthly(Warehouse=resource("Redshift::Cluster"))
