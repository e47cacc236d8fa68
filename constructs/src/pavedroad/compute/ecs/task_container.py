"""The container that a task is run for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aws_cdk import Duration, Token
from aws_cdk import aws_ecs as ecs

from pavedroad.arguments import Arguments
from pavedroad.compute.ecs.containers import hardened_linux, is_root, mount_writable
from pavedroad.security.acknowledgments import acknowledge
from pavedroad.security.environment import check_environment

APPLICATION = "application"
INSTEAD_OF_A_VARIABLE = "give it in secrets, such as ecs.Secret.from_secrets_manager(secret)"


@dataclass(frozen=True, kw_only=True)
class TaskContainer:
    """How the application's container is run: without root, Linux capabilities or a writable root file system.

    Attributes:
        command: The command. Left out: the image's.
        entry_point: The entry point. Left out: the image's.
        user: The user, or user and group, that it runs as; not root. Left out: ``1000:1000``.
        writable_paths: Directories that get an empty, writable volume; the rest of the file system is read-only. The
            volume belongs to root unless the image says otherwise, in its Dockerfile: ``RUN chown 1000:1000 /tmp``
            and ``VOLUME /tmp`` (docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html). Left out: none.
        environment: Variables that are no secrets. Left out: none.
        secrets: Variables from Secrets Manager or Parameter Store; the execution role may read exactly these.
        health_check: A command in the container that ECS runs to check it. Left out: none.
    """

    command: Sequence[str] | None = None
    entry_point: Sequence[str] | None = None
    user: str = "1000:1000"
    writable_paths: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, ecs.Secret] = field(default_factory=dict)
    health_check: ecs.HealthCheck | None = None

    def check(self, arguments: Arguments) -> None:
        """Refuse what cannot work or would weaken the container."""
        check_user(arguments, "container.user", self.user)
        check_paths(arguments, "container.writable_paths", self.writable_paths)
        check_environment(arguments, self.environment, instead=INSTEAD_OF_A_VARIABLE, secrets=self.secrets)

    def port_mappings(self, port_name: str | None) -> list[ecs.PortMapping] | None:  # noqa: ARG002 - for who listens
        """The ports that it listens on: none."""
        return None

    def add_to(
        self,
        task_definition: ecs.FargateTaskDefinition,
        *,
        image: ecs.ContainerImage,
        logging: ecs.LogDriver,
        stop_timeout: Duration,
        further_writable_paths: Sequence[str] = (),
        port_name: str | None = None,
    ) -> ecs.ContainerDefinition:
        """Add the container to the task."""
        container = task_definition.add_container(
            "Application",
            container_name=APPLICATION,
            image=image,
            logging=logging,
            essential=True,
            port_mappings=self.port_mappings(port_name),
            command=self.command and list(self.command),
            entry_point=self.entry_point and list(self.entry_point),
            user=self.user,
            privileged=False,
            readonly_root_filesystem=True,
            linux_parameters=hardened_linux(task_definition, "ApplicationLinux"),
            environment=dict(self.environment) or None,
            secrets=dict(self.secrets) or None,
            health_check=self.health_check,
            stop_timeout=stop_timeout,
        )
        mount_writable(container, [*self.writable_paths, *further_writable_paths])
        if self.environment:
            acknowledge_environment(task_definition)
        return container


def check_user(arguments: Arguments, name: str, user: str) -> None:
    """Refuse root."""
    if not Token.is_unresolved(user) and is_root(user):
        arguments.refuse(name, user, "must not be root; give a user, or user and group, such as 1000:1000")


def check_paths(arguments: Arguments, name: str, paths: Sequence[str]) -> None:
    """Refuse what is no absolute path."""
    for path in paths:
        arguments.matches(name, path, r"(/[\w.-]+)+", "an absolute path, such as /tmp")


def acknowledge_environment(task_definition: ecs.FargateTaskDefinition) -> None:
    """Say why a task with variables is in order."""
    acknowledge(
        task_definition,
        "AwsSolutions-ECS2",
        "The variables are configuration: names and values that look like secrets are refused, and secrets "
        "come from Secrets Manager or Parameter Store.",
    )
