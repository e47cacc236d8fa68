from dataclasses import dataclass
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.task_container import APPLICATION, TaskContainer
__all__ = ['APPLICATION', 'ApplicationContainer']

@dataclass(frozen=True, kw_only=True)
class ApplicationContainer(TaskContainer):
    port: int = 8080
    protocol: elbv2.ApplicationProtocol = elbv2.ApplicationProtocol.HTTP

    def check(self, arguments: Arguments) -> None:
        ...

    def port_mappings(self, port_name: str | None) -> list[ecs.PortMapping] | None:
        ...
