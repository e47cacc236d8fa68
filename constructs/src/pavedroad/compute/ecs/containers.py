"""Containers as every task of the library runs them."""

from collections.abc import Iterable
from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_ecs as ecs
from constructs import Construct

from pavedroad.invariants import hold


def hardened_linux(scope: Construct, construct_id: str) -> ecs.LinuxParameters:
    """An init process that reaps children and forwards signals, and no Linux capability at all.

    Fargate admits no added capability but ``SYS_PTRACE``, and dropping all of them.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_KernelCapabilities.html
    """
    parameters = ecs.LinuxParameters(scope, construct_id, init_process_enabled=True)
    parameters.drop_capabilities(ecs.Capability.ALL)
    return parameters


def mount_writable(container: ecs.ContainerDefinition, paths: Iterable[str]) -> None:
    """Mount an empty volume of the task's own storage at each path of a container with a read-only root."""
    for path in paths:
        name = container.container_name + path.replace("/", "-").replace(".", "-")
        container.task_definition.add_volume(name=name)
        container.add_mount_points(ecs.MountPoint(source_volume=name, container_path=path, read_only=False))


def hold_hardened(scope: Construct, task_definition: ecs.FargateTaskDefinition, root_containers: Iterable[str]) -> None:
    """Fail the synthesis where a container of the task, added by whomever, is writable, privileged or runs as root.

    Args:
        scope: Where the failure is reported.
        task_definition: The task.
        root_containers: Names of containers that must run as root.
    """
    resource = task_definition.node.default_child
    assert isinstance(resource, ecs.CfnTaskDefinition)
    exempt = frozenset(root_containers)

    def containers() -> list[dict[str, Any]]:
        return Stack.of(task_definition).resolve(resource.container_definitions) or []

    hold(
        scope,
        "Every container has a read-only root file system; readonlyRootFilesystem was removed or left out",
        lambda: all(container.get("readonlyRootFilesystem") is True for container in containers()),
    )
    hold(
        scope,
        "No container is privileged; privileged was set",
        lambda: not any(container.get("privileged") for container in containers()),
    )
    hold(
        scope,
        "No container runs as root; user was removed, left out or set to root",
        lambda: (
            not any(is_root(container.get("user")) for container in containers() if container["name"] not in exempt)
        ),
    )


def is_root(user: str | None) -> bool:
    """Whether a ``user`` or ``user:group`` is root, which a container without one also is."""
    return user is None or user.split(":")[0] in ("", "0", "root")
