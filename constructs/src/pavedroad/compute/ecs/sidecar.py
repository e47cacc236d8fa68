"""Containers beside the application in the same task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam

from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.containers import hardened_linux, mount_writable
from pavedroad.compute.ecs.log_router import LOG_ROUTER
from pavedroad.compute.ecs.task_container import (
    APPLICATION,
    INSTEAD_OF_A_VARIABLE,
    acknowledge_environment,
    check_paths,
    check_user,
)
from pavedroad.security.environment import check_environment

_Condition = ecs.ContainerDependencyCondition


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """A container beside the application: without root, Linux capabilities or a writable root file system.

    It shares the task's network, so that the application reaches it on ``localhost``, the task's role and the task's
    CPU and memory. It logs to the service's log group, in streams of its own: ``tasks/<name>/<task>``.

    Attributes:
        name: The container's name, unique in the task.
        image: The container image.
        command: The command. Left out: the image's.
        user: The user, or user and group, that it runs as; not root. Left out: ``1000:1000``.
        writable_paths: Directories that get an empty, writable volume. Left out: none.
        environment: Variables that are no secrets. Left out: none.
        secrets: Variables from Secrets Manager or Parameter Store; the execution role may read exactly these.
        health_check: A command in the container that ECS runs to check it. Left out: none.
        essential: Whether the task ends when the sidecar does. Left out: it does.
        application_waits_for: The application starts when the sidecar is started (``START``), healthy (``HEALTHY``,
            needs ``health_check``), ended (``COMPLETE``) or ended well (``SUCCESS``); the last two are for what
            prepares the task, with ``essential=False``. Left out: it does not wait.
        starts_after: Other sidecars that must have come so far before: their names and the condition. Left out: none.
        cpu: CPU units set aside of the task's. Left out: none, it shares.
        memory_mib: The most memory that it may use before it is killed. Left out: the task's.
    """

    name: str
    image: ecs.ContainerImage
    command: Sequence[str] | None = None
    user: str = "1000:1000"
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
        """What it may do by the task's role: nothing more than the application."""
        return ()

    @property
    def wildcard_reason(self) -> str:
        """Why ``rights`` name resources with a wildcard, as an auditor would accept it."""
        return ""

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work or would weaken the container."""
        place = f"sidecars[{self.name}]"
        arguments.matches("sidecars.name", self.name, r"[A-Za-z0-9][\w-]{0,254}", "letters, digits, - and _")
        if self.name in (APPLICATION, LOG_ROUTER):
            arguments.refuse("sidecars.name", self.name, "is the name of another container of the task")
        check_user(arguments, f"{place}.user", self.user)
        check_paths(arguments, f"{place}.writable_paths", self.writable_paths)
        check_environment(arguments, self.environment, instead=INSTEAD_OF_A_VARIABLE, secrets=self.secrets)
        arguments.between(f"{place}.cpu", self.cpu, 1, 16384)
        arguments.between(f"{place}.memory_mib", self.memory_mib, 6, 122880)
        self.check_condition(arguments, f"{place}.application_waits_for", self.application_waits_for)

    def check_condition(
        self, arguments: Arguments, name: str, condition: ecs.ContainerDependencyCondition | None
    ) -> None:
        """Refuse that somebody waits for what this sidecar never becomes."""
        if condition == _Condition.HEALTHY and self.health_check is None:
            arguments.refuse(name, condition.value, f"needs a health_check of {self.name}")
        if condition in (_Condition.COMPLETE, _Condition.SUCCESS) and self.essential:
            arguments.refuse(name, condition.value, f"needs essential=False of {self.name}, else its end ends the task")

    def add_to(self, task_definition: ecs.FargateTaskDefinition, logging: ecs.LogDriver) -> ecs.ContainerDefinition:
        """Add the container to the task."""
        container = task_definition.add_container(
            f"Sidecar-{self.name}",
            container_name=self.name,
            image=self.image,
            logging=logging,
            essential=self.essential,
            command=self.command and list(self.command),
            user=self.user,
            privileged=False,
            readonly_root_filesystem=True,
            linux_parameters=hardened_linux(task_definition, f"SidecarLinux-{self.name}"),
            environment=dict(self.environment) or None,
            secrets=dict(self.secrets) or None,
            health_check=self.health_check,
            cpu=self.cpu,
            memory_limit_mib=self.memory_mib,
        )
        mount_writable(container, self.writable_paths)
        if self.environment:
            acknowledge_environment(task_definition)
        return container


def check_sidecars(arguments: Arguments, sidecars: Sequence[Sidecar]) -> None:
    """Refuse sidecars that cannot work, alone or together."""
    by_name = {sidecar.name: sidecar for sidecar in sidecars}
    names = [sidecar.name for sidecar in sidecars]
    for name in sorted({name for name in names if names.count(name) > 1}):
        arguments.refuse("sidecars.name", name, "is given twice")
    for sidecar in sidecars:
        sidecar.check(arguments)
        for name, condition in sidecar.starts_after.items():
            place = f"sidecars[{sidecar.name}].starts_after"
            if name not in by_name or name == sidecar.name:
                arguments.refuse(place, name, "is no other sidecar of the task")
            else:
                by_name[name].check_condition(arguments, place, condition)


def add_sidecars(
    task_definition: ecs.FargateTaskDefinition,
    application: ecs.ContainerDefinition,
    sidecars: Sequence[Sidecar],
    logging: ecs.LogDriver,
) -> None:
    """Add the sidecars to the task, in the order in which they and the application are to start."""
    containers = {sidecar.name: sidecar.add_to(task_definition, logging) for sidecar in sidecars}
    for sidecar in sidecars:
        container = containers[sidecar.name]
        if sidecar.application_waits_for is not None:
            application.add_container_dependencies(
                ecs.ContainerDependency(container=container, condition=sidecar.application_waits_for)
            )
        for name, condition in sidecar.starts_after.items():
            container.add_container_dependencies(
                ecs.ContainerDependency(container=containers[name], condition=condition)
            )
