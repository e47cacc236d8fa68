"""What instances are started from: image, architecture and types."""

from collections.abc import Sequence

import jsii
from aws_cdk import Token
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from pavedroad.arguments import Arguments

_AMAZON_LINUX = {
    ec2.InstanceArchitecture.X86_64: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    ec2.InstanceArchitecture.ARM_64: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
}
_TYPES = {
    ec2.InstanceArchitecture.X86_64: ("m7i.large", "m6i.large", "m6a.large"),
    ec2.InstanceArchitecture.ARM_64: ("m7g.large", "m6g.large", "m8g.large"),
}


def default_types(architecture: ec2.InstanceArchitecture) -> list[str]:
    """Types of one size and several generations, so that one that is sold out does not stop the fleet."""
    return list(_TYPES[architecture])


@jsii.implements(ec2.IMachineImage)
class LaunchImage:
    """An image that is known at the launch only: EC2 reads the parameter then, so nothing is looked up before.

    Args:
        image: An image's id, or the name of an SSM parameter. ``None``: the latest Amazon Linux 2023.
        architecture: Of that Amazon Linux.
        user_data: What an instance runs at its first start.
    """

    def __init__(self, image: str | None, architecture: ec2.InstanceArchitecture, user_data: ec2.UserData) -> None:
        name = image or _AMAZON_LINUX[architecture]
        is_id = not Token.is_unresolved(name) and name.startswith("ami-")
        self._image_id = name if is_id else f"resolve:ssm:{name}"
        self._user_data = user_data

    @jsii.member(jsii_name="getImage")
    def get_image(self, scope: Construct) -> ec2.MachineImageConfig:  # noqa: ARG002 - the interface of the CDK
        """The image in the terms of a launch template."""
        return ec2.MachineImageConfig(
            image_id=self._image_id, os_type=ec2.OperatingSystemType.LINUX, user_data=self._user_data
        )


def check_image(arguments: Arguments, image: str | None) -> None:
    """Refuse what is neither the id of an image nor the name of a parameter that holds one."""
    arguments.matches(
        "image",
        image,
        "ami-[0-9a-f]{8,17}|/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*(:[A-Za-z0-9_.-]+)?",
        "the id of an image (ami-0123456789abcdef0) or the name of an SSM parameter that holds it (/images/base)",
    )


def check_types(arguments: Arguments, types: Sequence[str], architecture: ec2.InstanceArchitecture) -> None:
    """Refuse types that are no types, those of another architecture, and fewer than two."""
    if len(types) < 2:  # noqa: PLR2004
        arguments.refuse("instance_types", list(types), "must be two or more: one type may be sold out in a zone")
    for name in types:
        arguments.matches("instance_types", name, r"[a-z][a-z0-9-]*\.[a-z0-9-]+", "an instance type, such as m7i.large")
    known = [name for name in types if not Token.is_unresolved(name) and "." in name]
    others = [name for name in known if ec2.InstanceType(name).architecture is not architecture]
    if others:
        arguments.refuse("instance_types", others, f"must be of the architecture {architecture.name}")
