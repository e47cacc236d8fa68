"""The fields of a form for a container behind HTTPS, and what becomes of them."""

from aws_cdk import CfnMapping, Duration, Stack, Token
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from pavedroad.compute.ecs.application_container import ApplicationContainer
from pavedroad.compute.ecs.ecr_image import EcrImage
from pavedroad.compute.ecs.fargate_service import FargateService
from pavedroad.security.acknowledgments import acknowledge
from pavedroad_platform.catalog.launch_numbers import as_whole, whole_number
from pavedroad_platform.catalog.product import Parameter, Parameters

_CONTAINER = "Container"

# CPU units and MiB: pairs that Fargate offers.
_SIZES = {
    "SMALL": (512, 1024),
    "MEDIUM": (1024, 2048),
    "LARGE": (2048, 4096),
    "XLARGE": (4096, 8192),
}

IMAGE_PARAMETER = Parameter(
    name="Image",
    label="Image",
    group=_CONTAINER,
    help="The image in a private ECR repository, with its tag or digest. It must not run as root.",
    example="111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/order-service:1.0.0",
    pattern=EcrImage.PATTERN,
    constraint="An ECR URI such as 111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders/order-service:1.0.0.",
)

PORT_PARAMETER = Parameter(
    name="ContainerPort",
    label="Port",
    group=_CONTAINER,
    help="The port that the application listens on, over HTTP.",
    type="Number",
    default=8080,
    minimum=1024,
    maximum=65535,
)

HEALTH_CHECK_PARAMETER = Parameter(
    name="HealthCheckPath",
    label="Path of the health check",
    group=_CONTAINER,
    help="Answers 200 while the application is well.",
    default="/",
    pattern=r"/[A-Za-z0-9/._~-]*",
    constraint="A path that begins with a slash.",
)

TASK_SIZE_PARAMETER = Parameter(
    name="TaskSize",
    label="Size of a task",
    group="Size",
    help="; ".join(f"{size}: {cpu / 1024:g} vCPU, {memory} MiB" for size, (cpu, memory) in _SIZES.items()) + ".",
    default="SMALL",
    allowed_values=tuple(_SIZES),
    constraint=f"One of {', '.join(_SIZES)}.",
)

CERTIFICATE_PARAMETER = Parameter(
    name="CertificateArn",
    label="Certificate",
    group="Entrance",
    help="The ACM certificate of the name by which clients call, in the same region.",
    example="arn:aws:acm:eu-west-1:111111111111:certificate/01234567-89ab-cdef-0123-456789abcdef",
    pattern=r"arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate/[a-f0-9-]{36}",
    constraint="The ARN of an ACM certificate.",
)


def chosen_container(parameters: Parameters) -> ApplicationContainer:
    """The container: its port, and a directory that it may write to."""
    return ApplicationContainer(
        port=whole_number(parameters, PORT_PARAMETER.name),
        writable_paths=["/tmp"],  # noqa: S108
    )


def chosen_certificate(stack: Stack, parameters: Parameters) -> acm.ICertificate:
    """The certificate of the load balancer."""
    arn = parameters[CERTIFICATE_PARAMETER.name].value_as_string
    return acm.Certificate.from_certificate_arn(stack, "Certificate", arn)


def chosen_health_check(parameters: Parameters) -> elbv2.HealthCheck:
    """How the load balancer finds out whether a task is well, within half a minute."""
    return elbv2.HealthCheck(
        path=parameters[HEALTH_CHECK_PARAMETER.name].value_as_string,
        healthy_http_codes="200",
        interval=Duration.seconds(15),
        healthy_threshold_count=2,
    )


def chosen_size(stack: Stack, parameters: Parameters) -> tuple[int, int]:
    """The CPU units and the MiB of a task."""
    mapping = CfnMapping(
        stack, "TaskSizes", mapping={size: {"Cpu": cpu, "MemoryMiB": memory} for size, (cpu, memory) in _SIZES.items()}
    )
    size = parameters[TASK_SIZE_PARAMETER.name].value_as_string
    cpu, memory = (Token.as_number(mapping.find_in_map(size, name)) for name in ("Cpu", "MemoryMiB"))
    return as_whole(cpu), as_whole(memory)


def place_and_protect(service: FargateService, parameters: Parameters, *, public: str, private: str) -> None:
    """Set what a construct decides in Python and a form at launch on the resources themselves.

    Args:
        service: The service.
        parameters: The parameters of its template, ``DeletionProtection`` among them.
        public: The field of the subnets of the load balancer.
        private: The field of the subnets of the tasks.
    """
    load_balancer = service.load_balancer.node.default_child
    assert isinstance(load_balancer, elbv2.CfnLoadBalancer)
    load_balancer.subnets = parameters[public].value_as_list
    service.load_balancer.set_attribute("deletion_protection.enabled", parameters["DeletionProtection"].value_as_string)
    tasks = service.service.node.find_child("Service")
    assert isinstance(tasks, ecs.CfnService)
    tasks.add_property_override("NetworkConfiguration.AwsvpcConfiguration.Subnets", parameters[private].value_as_list)
    acknowledge(
        service.load_balancer,
        "NIST.800.53.R5-ELBDeletionProtectionEnabled",
        "The check cannot read what is chosen at launch: the form protects, until a team ends the service on purpose.",
    )
