import pytest

from pavedroad.compute.ecs.task_size import MEMORY_MIB_BY_CPU


@pytest.fixture
def template(templates):
    return templates["fargate-service"]


@pytest.fixture
def by_type(template):
    return {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}


def test_every_size_is_one_that_fargate_offers(template) -> None:
    sizes = template["Mappings"]["TaskSizes"]
    assert list(sizes) == template["Parameters"]["TaskSize"]["AllowedValues"]
    for size in sizes.values():
        assert size["MemoryMiB"] in MEMORY_MIB_BY_CPU[size["Cpu"]]


def test_tasks_and_load_balancer_are_in_the_subnets_that_were_chosen(template, by_type) -> None:
    network = by_type["AWS::ECS::Service"]["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["Subnets"] == {"Ref": "PrivateSubnetIds"}
    assert network["AssignPublicIp"] == "DISABLED"
    assert by_type["AWS::ElasticLoadBalancingV2::LoadBalancer"]["Subnets"] == {"Ref": "PublicSubnetIds"}
    assert set(template["Rules"]) == {"PublicSubnetIdsInVpc", "PrivateSubnetIdsInVpc"}


def test_the_form_decides_how_many_tasks_run(by_type) -> None:
    target = by_type["AWS::ApplicationAutoScaling::ScalableTarget"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == ({"Ref": "MinTasks"}, {"Ref": "MaxTasks"})


def test_the_form_decides_the_image_and_its_port(by_type) -> None:
    containers = by_type["AWS::ECS::TaskDefinition"]["ContainerDefinitions"]
    (application,) = (container for container in containers if container["Name"] == "application")
    assert application["Image"] == {"Ref": "Image"}
    assert application["PortMappings"] == [{"ContainerPort": {"Ref": "ContainerPort"}, "Protocol": "tcp"}]
    assert application["ReadonlyRootFilesystem"] is True


def test_deletion_protection_is_the_teams_decision(by_type) -> None:
    attributes = by_type["AWS::ElasticLoadBalancingV2::LoadBalancer"]["LoadBalancerAttributes"]
    values = {attribute["Key"]: attribute["Value"] for attribute in attributes}
    assert values["deletion_protection.enabled"] == {"Ref": "DeletionProtection"}
