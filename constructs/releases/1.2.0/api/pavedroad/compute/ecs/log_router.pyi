from collections.abc import Mapping
from dataclasses import dataclass, field
from aws_cdk import aws_ecs as ecs
from pavedroad.compute.ecs.containers import hardened_linux, mount_writable
LOG_ROUTER = 'log-router'

@dataclass(frozen=True, kw_only=True)
class LogRouter:
    options: Mapping[str, str]
    secret_options: Mapping[str, ecs.Secret] = field(default_factory=dict)
    image: ecs.ContainerImage | None = None
    memory_mib: int = 64

    def add_to(self, task_definition: ecs.FargateTaskDefinition, own_log: ecs.LogDriver) -> ecs.LogDriver:
        ...
