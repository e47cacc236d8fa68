from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from aws_cdk import Duration, Token
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.containers import hardened_linux, is_root, mount_writable
from pavedroad.compute.ecs.environment import check_environment
from pavedroad.security.acknowledgments import acknowledge
APPLICATION = 'application'

@dataclass(frozen=True, kw_only=True)
class ApplicationContainer:
    port: int = 8080
    protocol: elbv2.ApplicationProtocol = elbv2.ApplicationProtocol.HTTP
    command: Sequence[str] | None = None
    entry_point: Sequence[str] | None = None
    user: str = '1000:1000'
    writable_paths: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, ecs.Secret] = field(default_factory=dict)
    health_check: ecs.HealthCheck | None = None

    def check(self, arguments: Arguments) -> None:
        ...

    def add_to(self, task_definition: ecs.FargateTaskDefinition, *, image: ecs.ContainerImage, logging: ecs.LogDriver, stop_timeout: Duration, further_writable_paths: Sequence[str]=()) -> ecs.ContainerDefinition:
        ...
