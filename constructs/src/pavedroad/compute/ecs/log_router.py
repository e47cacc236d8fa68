"""Shipping a task's log elsewhere than to CloudWatch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from aws_cdk import aws_ecs as ecs

from pavedroad.compute.ecs.containers import hardened_linux, mount_writable

LOG_ROUTER = "log-router"


@dataclass(frozen=True, kw_only=True)
class LogRouter:
    """FireLens: a Fluent Bit container beside the application ships its log, such as to Firehose, Splunk or Datadog.

    The rights that the output needs are granted to the service: ``stream.grant_put_records(service)``.

    Attributes:
        options: Fluent Bit's output and its options, such as ``{"Name": "kinesis_firehose", "delivery_stream": name}``.
        secret_options: Options whose values are secrets, such as an API key.
        image: A Fluent Bit image with the AWS outputs. Left out: AWS's public ``aws-for-fluent-bit:stable``.
        memory_mib: Memory that is set aside of the task's. Left out: 64 MiB.
    """

    options: Mapping[str, str]
    secret_options: Mapping[str, ecs.Secret] = field(default_factory=dict)
    image: ecs.ContainerImage | None = None
    memory_mib: int = 64

    def add_to(self, task_definition: ecs.FargateTaskDefinition, own_log: ecs.LogDriver) -> ecs.LogDriver:
        """Add the router to the task and return the log driver of the containers that it serves."""
        router = task_definition.add_firelens_log_router(
            "LogRouter",
            container_name=LOG_ROUTER,
            firelens_config=ecs.FirelensConfig(type=ecs.FirelensLogRouterType.FLUENTBIT),
            image=self.image
            or ecs.ContainerImage.from_registry("public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"),
            essential=True,
            memory_reservation_mib=self.memory_mib,
            logging=own_log,
            readonly_root_filesystem=True,
            linux_parameters=hardened_linux(task_definition, "LogRouterLinux"),
            # The socket that Fargate hands over belongs to root: github.com/aws/containers-roadmap/issues/2122
            user="0",
        )
        mount_writable(router, ["/tmp"])  # noqa: S108 - outputs with a buffer keep it there
        return ecs.LogDrivers.firelens(options=dict(self.options), secret_options=dict(self.secret_options) or None)
