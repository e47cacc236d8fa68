"""The container of an application that listens on a port."""

from dataclasses import dataclass

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elbv2

from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.task_container import APPLICATION, TaskContainer

__all__ = ["APPLICATION", "ApplicationContainer"]


@dataclass(frozen=True, kw_only=True)
class ApplicationContainer(TaskContainer):
    """How an application that listens is run: a ``TaskContainer``, whose attributes it has too, with a port.

    Attributes:
        port: The port that the application listens on, 1024 to 65535. Left out: 8080.
        protocol: How the load balancer talks to it: ``HTTP``, or ``HTTPS`` with any certificate, which ELB.21 and
            ELB.22 ask for. Left out: ``HTTP``.
        health_check: A command in the container that ECS runs to check it. Left out: the load balancer's check only.
    """

    port: int = 8080
    protocol: elbv2.ApplicationProtocol = elbv2.ApplicationProtocol.HTTP

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work or would weaken the container."""
        arguments.between("container.port", self.port, 1024, 65535)
        super().check(arguments)

    def port_mappings(self, port_name: str | None) -> list[ecs.PortMapping] | None:
        """The port, with the name by which other services find it."""
        return [ecs.PortMapping(container_port=self.port, protocol=ecs.Protocol.TCP, name=port_name)]
