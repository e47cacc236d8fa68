from dataclasses import dataclass
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_servicediscovery as servicediscovery
from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.task import HardenedTask
PORT_NAME = 'application'

@dataclass(frozen=True, kw_only=True)
class ServiceConnect:
    namespace: servicediscovery.INamespace
    name: str | None = None
    port: int | None = None

    @property
    def port_name(self) -> str | None:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def enable(self, service: ecs.FargateService, task: HardenedTask) -> None:
        ...

@dataclass(frozen=True, kw_only=True)
class CloudMap:
    namespace: servicediscovery.IPrivateDnsNamespace
    name: str

    @property
    def port_name(self) -> str | None:
        ...

    def check(self, arguments: Arguments) -> None:
        ...

    def enable(self, service: ecs.FargateService, task: HardenedTask) -> None:
        ...
