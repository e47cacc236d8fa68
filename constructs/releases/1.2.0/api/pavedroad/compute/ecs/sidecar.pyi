from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.containers import hardened_linux, mount_writable
from pavedroad.compute.ecs.log_router import LOG_ROUTER
from pavedroad.compute.ecs.task_container import APPLICATION, INSTEAD_OF_A_VARIABLE, acknowledge_environment, check_paths, check_user
from pavedroad.security.environment import check_environment
_Condition = ecs.ContainerDependencyCondition

@dataclass(frozen=True, kw_only=True)
class Sidecar:
    name: str
    image: ecs.ContainerImage
    command: Sequence[str] | None = None
    user: str = '1000:1000'
    writable_paths: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, ecs.Secret] = field(default_factory=dict)
    health_check: ecs.HealthCheck | None = None
    essential: bool = True
    application_waits_for: ecs.ContainerDependencyCondition | None = None
    starts_after: Mapping[str, ecs.ContainerDependencyCondition] = field(default_factory=dict)
    cpu: int | None = None
    memory_mib: int | None = None

    @property
    def rights(self) -> Sequence[iam.PolicyStatement]:
        ...

    @property
    def wildcard_reason(self) -> str:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def check_condition(self, arguments: Arguments, name: str, condition: ecs.ContainerDependencyCondition | None) -> None:
        ...

    def add_to(self, task_definition: ecs.FargateTaskDefinition, logging: ecs.LogDriver) -> ecs.ContainerDefinition:
        ...

def check_sidecars(arguments: Arguments, sidecars: Sequence[Sidecar]) -> None:
    ...

def add_sidecars(task_definition: ecs.FargateTaskDefinition, application: ecs.ContainerDefinition, sidecars: Sequence[Sidecar], logging: ecs.LogDriver) -> None:
    ...
