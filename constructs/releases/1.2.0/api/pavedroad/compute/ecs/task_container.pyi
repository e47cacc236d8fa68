from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from aws_cdk import Duration, Token
from aws_cdk import aws_ecs as ecs
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.containers import hardened_linux, is_root, mount_writable
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.environment import check_environment
APPLICATION = 'application'
INSTEAD_OF_A_VARIABLE = 'give it in secrets, such as ecs.Secret.from_secrets_manager(secret)'

@dataclass(frozen=True, kw_only=True)
class TaskContainer:
    command: Sequence[str] | None = None
    entry_point: Sequence[str] | None = None
    user: str = '1000:1000'
    writable_paths: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, ecs.Secret] = field(default_factory=dict)
    health_check: ecs.HealthCheck | None = None

    def check(self, arguments: Arguments) -> None:
        ...

    def port_mappings(self, port_name: str | None) -> list[ecs.PortMapping] | None:
        ...

    def add_to(self, task_definition: ecs.FargateTaskDefinition, *, image: ecs.ContainerImage, logging: ecs.LogDriver, stop_timeout: Duration, further_writable_paths: Sequence[str]=(), port_name: str | None=None) -> ecs.ContainerDefinition:
        ...

def check_user(arguments: Arguments, name: str, user: str) -> None:
    ...

def check_paths(arguments: Arguments, name: str, paths: Sequence[str]) -> None:
    ...

def acknowledge_environment(task_definition: ecs.FargateTaskDefinition) -> None:
    ...
