"""The product fargate-service: a container that serves HTTPS to the internet."""

from collections.abc import Mapping
from typing import cast

from aws_cdk import CfnMapping, Duration, Stack, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from pavedroad.compute.ecs.application_container import ApplicationContainer
from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.compute.ecs.scaling import TaskScaling
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.keys import rotated_key
from pavedroad_platform.catalog.alarm_topic import ALARM_EMAIL_PARAMETER, alarm_topic
from pavedroad_platform.catalog.network_parameters import (
    VPC_PARAMETER,
    chosen_vpc,
    subnets_in_vpc,
    subnets_parameter,
)
from pavedroad_platform.catalog.product import Output, Parameter, Parameters, Product

_CONTAINER = "Container"
_SIZE = "Size"
_ENTRANCE = "Entrance"
_PUBLIC = "PublicSubnetIds"
_PRIVATE = "PrivateSubnetIds"

# CPU units and MiB: pairs that Fargate offers.
_SIZES = {
    "SMALL": (512, 1024),
    "MEDIUM": (1024, 2048),
    "LARGE": (2048, 4096),
    "XLARGE": (4096, 8192),
}


def _build(stack: Stack, parameters: Parameters) -> Mapping[str, str]:
    key = rotated_key(stack, "Key", description="Encrypts the service's logs, task storage and alarms")
    cpu, memory_mib = _size(stack, parameters)
    service = FargateService(
        stack,
        "Service",
        vpc=chosen_vpc(stack, parameters, public_subnets=_PUBLIC, private_subnets=_PRIVATE),
        image=EcrImage(parameters["Image"].value_as_string),
        certificate=acm.Certificate.from_certificate_arn(
            stack, "Certificate", parameters["CertificateArn"].value_as_string
        ),
        container=ApplicationContainer(
            port=_whole(parameters["ContainerPort"].value_as_number),
            writable_paths=["/tmp"],  # noqa: S108
        ),
        cpu=cpu,
        memory_mib=memory_mib,
        health_check=elbv2.HealthCheck(
            path=parameters["HealthCheckPath"].value_as_string,
            healthy_http_codes="200",
            interval=Duration.seconds(15),
            healthy_threshold_count=2,
        ),
        scaling=TaskScaling(
            min_tasks=_whole(parameters["MinTasks"].value_as_number),
            max_tasks=_whole(parameters["MaxTasks"].value_as_number),
        ),
        encryption_key=key,
    )
    topic = alarm_topic(stack, encryption_key=key, email=parameters[ALARM_EMAIL_PARAMETER.name].value_as_string)
    service.add_alarms(topic)
    _place_and_protect_as_asked(service, parameters)
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


def _size(stack: Stack, parameters: Parameters) -> tuple[int, int]:
    mapping = CfnMapping(
        stack, "TaskSizes", mapping={size: {"Cpu": cpu, "MemoryMiB": memory} for size, (cpu, memory) in _SIZES.items()}
    )
    size = parameters["TaskSize"].value_as_string
    cpu, memory = (Token.as_number(mapping.find_in_map(size, name)) for name in ("Cpu", "MemoryMiB"))
    return _whole(cpu), _whole(memory)


def _whole(token: float) -> int:
    """A number that is known at launch only; the CDK holds its place with a float, even for a whole number."""
    return cast("int", token)


def _place_and_protect_as_asked(service: FargateService, parameters: Parameters) -> None:
    """Set what a construct decides in Python and a form at launch on the resources themselves."""
    load_balancer = service.load_balancer.node.default_child
    assert isinstance(load_balancer, elbv2.CfnLoadBalancer)
    load_balancer.subnets = parameters[_PUBLIC].value_as_list
    service.load_balancer.set_attribute("deletion_protection.enabled", parameters["DeletionProtection"].value_as_string)
    tasks = service.service.node.find_child("Service")
    assert isinstance(tasks, ecs.CfnService)
    tasks.add_property_override("NetworkConfiguration.AwsvpcConfiguration.Subnets", parameters[_PRIVATE].value_as_list)
    acknowledge(
        service.load_balancer,
        "NIST.800.53.R5-ELBDeletionProtectionEnabled",
        "The check cannot read what is chosen at launch: the form protects, until a team ends the service on purpose.",
    )


PRODUCT = Product(
    key="fargate-service",
    title="Fargate service",
    version="1.0.0",
    summary=(
        "A container behind an HTTPS load balancer with a web firewall: no servers, no root, no public address, scaled"
        " by its load, rolled back when it does not become healthy."
    ),
    parameters=(
        Parameter(
            name="Image",
            label="Image",
            group=_CONTAINER,
            help="The image in a private ECR repository, with its tag or digest. It must not run as root.",
            example="111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/order-service:1.0.0",
            pattern=EcrImage.PATTERN,
            constraint="An ECR URI such as 111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/order-service:1.0.0.",
        ),
        Parameter(
            name="ContainerPort",
            label="Port",
            group=_CONTAINER,
            help="The port that the application listens on, over HTTP.",
            type="Number",
            default=8080,
            minimum=1024,
            maximum=65535,
        ),
        Parameter(
            name="HealthCheckPath",
            label="Path of the health check",
            group=_CONTAINER,
            help="Answers 200 while the application is well.",
            default="/",
            pattern=r"/[A-Za-z0-9/._~-]*",
            constraint="A path that begins with a slash.",
        ),
        Parameter(
            name="TaskSize",
            label="Size of a task",
            group=_SIZE,
            help="; ".join(f"{size}: {cpu / 1024:g} vCPU, {memory} MiB" for size, (cpu, memory) in _SIZES.items())
            + ".",
            default="SMALL",
            allowed_values=tuple(_SIZES),
            constraint=f"One of {', '.join(_SIZES)}.",
        ),
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
        Parameter(
            name="CertificateArn",
            label="Certificate",
            group=_ENTRANCE,
            help="The ACM certificate of the name by which clients call, in the same region.",
            example="arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
            pattern=r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[a-f0-9-]{36}",
            constraint="The ARN of an ACM certificate.",
        ),
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
