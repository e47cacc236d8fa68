"""How other services inside the VPC find a service without its load balancer."""

from dataclasses import dataclass

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_servicediscovery as servicediscovery

from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.task import HardenedTask

PORT_NAME = "application"


@dataclass(frozen=True, kw_only=True)
class ServiceConnect:
    """ECS Service Connect: a proxy beside each task finds, balances, retries and measures calls between services.

    Services that call join the same namespace, and are admitted with ``service.connections``. What the proxies say is
    in the service's log group, in streams of ``service-connect``. A proxy takes about 256 CPU units and 64 MiB of the
    task's size. Between the proxies goes what the application speaks: use ``protocol=HTTPS`` in its container where
    that must not be plain text inside the VPC.

    Attributes:
        namespace: The Cloud Map namespace in which services find one another.
        name: The name by which others call the service: ``http://<name>:<port>``. Left out: it calls others, and
            offers nothing itself.
        port: The port by which others call it. Left out: the container's.
    """

    namespace: servicediscovery.INamespace
    name: str | None = None
    port: int | None = None

    @property
    def port_name(self) -> str | None:
        """The name of the port mapping that is offered."""
        return PORT_NAME

    def check(self, arguments: Arguments) -> None:
        """Refuse what Service Connect does not accept."""
        _check_name(arguments, self.name)
        arguments.between("discovery.port", self.port, 1, 65535)
        if self.port is not None and self.name is None:
            arguments.refuse("discovery.port", self.port, "give name too, by which it is called")

    def enable(self, service: ecs.FargateService, task: HardenedTask) -> None:
        """Add the proxy to the service's tasks."""
        offered = None
        if self.name is not None:
            offered = [
                ecs.ServiceConnectService(
                    port_mapping_name=PORT_NAME, discovery_name=self.name, dns_name=self.name, port=self.port
                )
            ]
        service.enable_service_connect(
            namespace=self.namespace.namespace_arn, services=offered, log_driver=task.log_driver("service-connect")
        )


@dataclass(frozen=True, kw_only=True)
class CloudMap:
    """Cloud Map: a DNS name for the addresses of the healthy tasks, ``<name>.<namespace>``.

    Callers connect to a task itself, and are admitted with ``service.connections``.

    Attributes:
        namespace: The private DNS namespace, whose VPC is the service's.
        name: The name in it.
    """

    namespace: servicediscovery.IPrivateDnsNamespace
    name: str

    @property
    def port_name(self) -> str | None:
        """None: DNS tells addresses, no ports."""
        return None

    def check(self, arguments: Arguments) -> None:
        """Refuse what is no name."""
        _check_name(arguments, self.name)

    def enable(self, service: ecs.FargateService, task: HardenedTask) -> None:
        """Register the tasks."""
        service.enable_cloud_map(
            cloud_map_namespace=self.namespace,
            name=self.name,
            container=task.container,
            dns_record_type=servicediscovery.DnsRecordType.A,
        )


def _check_name(arguments: Arguments, name: str | None) -> None:
    arguments.matches(
        "discovery.name", name, r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?", "a name in lower case of at most 63 letters"
    )
