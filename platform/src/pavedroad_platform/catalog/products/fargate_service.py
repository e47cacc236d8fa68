"""The product fargate-service: a container that serves HTTPS to the internet."""

from collections.abc import Mapping

from aws_cdk import Stack

from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.compute.ecs.scaling import TaskScaling
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.container_parameters import (
    CERTIFICATE_PARAMETER,
    HEALTH_CHECK_PARAMETER,
    IMAGE_PARAMETER,
    PORT_PARAMETER,
    TASK_SIZE_PARAMETER,
    chosen_certificate,
    chosen_container,
    chosen_health_check,
    chosen_size,
    place_and_protect,
)
from pavedroad_platform.catalog.launch_numbers import whole_number
from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_SIZE = "Size"
_ENTRANCE = "Entrance"
_PUBLIC = "PublicSubnetIds"
_PRIVATE = "PrivateSubnetIds"


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the service's logs, task storage and alarms")
    cpu, memory_mib = chosen_size(stack, parameters)
    service = FargateService(
        stack,
        "Service",
        vpc=chosen_vpc(stack, parameters, public_subnets=_PUBLIC, private_subnets=_PRIVATE),
        image=EcrImage(parameters[IMAGE_PARAMETER.name].value_as_string),
        certificate=chosen_certificate(stack, parameters),
        container=chosen_container(parameters),
        cpu=cpu,
        memory_mib=memory_mib,
        health_check=chosen_health_check(parameters),
        scaling=TaskScaling(
            min_tasks=whole_number(parameters, "MinTasks"), max_tasks=whole_number(parameters, "MaxTasks")
        ),
        encryption_key=key,
    )
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    service.add_alarms(topic)
    place_and_protect(service, parameters, public=_PUBLIC, private=_PRIVATE)
    execution_role = service.task_definition.execution_role
    assert execution_role
    return {
        "LoadBalancerName": service.load_balancer.load_balancer_dns_name,
        "ClusterName": service.cluster.cluster_name,
        "ServiceName": service.service.service_name,
        "TaskRoleArn": service.task_definition.task_role.role_arn,
        "ExecutionRoleArn": execution_role.role_arn,
        "LogGroupName": service.log_group.log_group_name,
    }


PRODUCT = Product(
    key="fargate-service",
    title="Fargate service",
    version="1.0.0",
    summary=(
        "A container behind an HTTPS load balancer with a web firewall: no servers, no root, no public address, scaled"
        " by its load, rolled back when it does not become healthy."
    ),
    parameters=(
        IMAGE_PARAMETER,
        PORT_PARAMETER,
        HEALTH_CHECK_PARAMETER,
        TASK_SIZE_PARAMETER,
        Parameter(
            name="MinTasks",
            label="Fewest tasks",
            group=_SIZE,
            help="How many tasks run at the least. From two on they are in different zones.",
            type="Number",
            default=2,
            minimum=1,
            maximum=100,
        ),
        Parameter(
            name="MaxTasks",
            label="Most tasks",
            group=_SIZE,
            help="How many tasks run at the most; not fewer than the fewest.",
            type="Number",
            default=10,
            minimum=1,
            maximum=100,
        ),
        VPC_PARAMETER,
        subnets_parameter(
            _PUBLIC, label="Public subnets", help="Of the load balancer: the output PublicSubnetIds of the network."
        ),
        subnets_parameter(
            _PRIVATE, label="Private subnets", help="Of the tasks: the output PrivateSubnetIds of the network."
        ),
        CERTIFICATE_PARAMETER,
        Parameter(
            name="DeletionProtection",
            label="Protect from deletion",
            group=_ENTRANCE,
            help="Set it to false before the product is terminated.",
            default="true",
            canary="false",
            allowed_values=("true", "false"),
            constraint="Either true or false.",
        ),
        ALARM_EMAIL_PARAMETER,
    ),
    rules=(subnets_in_vpc(_PUBLIC), subnets_in_vpc(_PRIVATE)),
    outputs=(
        Output(name="LoadBalancerName", purpose="The target of the DNS record of the service's name."),
        Output(name="ClusterName", purpose="Goes into the form of the product delivery-pipeline."),
        Output(name="ServiceName", purpose="Goes into the form of the product delivery-pipeline."),
        Output(name="TaskRoleArn", purpose="What the application may do is granted to this role."),
        Output(
            name="ExecutionRoleArn", purpose="Starts the tasks; goes into the form of the product delivery-pipeline."
        ),
        Output(name="LogGroupName", purpose="Where the application's log is."),
    ),
    build=_build,
)
